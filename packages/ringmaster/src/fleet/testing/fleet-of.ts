import { checkFleet } from '../check.ts';
import type { Fleet } from '../fleet.ts';
import type { FleetFileInput } from '../schema.ts';

/** For tests: a fleet from what one would write; throws with the problems when it is not valid. */
export function fleetOf(file: FleetFileInput, revision = 1): Fleet {
  const checked = checkFleet(file, { revision, baseDir: '/fleet' });
  if (checked.fleet !== undefined) return checked.fleet;
  throw new TypeError(checked.problems.map((problem) => problem.message).join('\n'));
}
