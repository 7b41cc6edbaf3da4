import { Problem } from '../../errors.ts';

/** Whose rights a program runs with, and as whom the daemon signs in: no agent changes its own reach. */
const personsSettings: readonly string[] = ['user', 'group', 'auth'];

/** Refuses a patch of an entry that would change rights. */
export function refuseRights(server: string, patch: Readonly<Record<string, unknown>>): void {
  const refused = personsSettings.filter((setting) => Object.hasOwn(patch, setting));
  if (refused.length === 0) return;
  throw new Problem(
    'not_supported',
    `Cannot change ${refused.join(', ')} of "${server}": that is a person's to change, in the fleet file or with ringmaster edit`,
  );
}
