/**
 * Every torture at full size, as a table of what was aimed at and what was seen; exits with 1 when something was not
 * met. `--only WORDS` of a name, `--small`, `--seed N`.
 */
import { parseArgs } from 'node:util';
import { tortures } from './index.ts';
import { chanceOf } from './torture.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    small: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(process.pid) },
  },
});

process.stdout.write(`seed ${values.seed}\n`);
let unmet = 0;
for (const { name, impossible, run } of tortures.filter((one) => one.name.includes(values.only))) {
  const why = impossible?.();
  const beganMs = performance.now();
  process.stdout.write(`\n${name}${why === undefined ? '' : `: not done, ${why}`}\n`);
  if (why !== undefined) continue;
  for (const outcome of await run(values.small ? 'small' : 'full', chanceOf(Number(values.seed)))) {
    if (!outcome.isMet) unmet += 1;
    const verdict = outcome.isMet ? 'met ' : 'MISSED';
    process.stdout.write(`  ${verdict}  ${outcome.target}: ${outcome.measured}\n`);
  }
  process.stdout.write(`  in ${((performance.now() - beganMs) / 1_000).toFixed(0)} s\n`);
}
process.stdout.write(`\n${unmet === 0 ? 'everything was met' : `${unmet} targets missed`}\n`);
process.exitCode = unmet === 0 ? 0 : 1;
