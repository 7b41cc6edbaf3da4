/** A plain service that writes `--lines N` lines to stderr at once, each tenth an error, and then stays. */
import { numberArgument } from './arguments.ts';

const lines = numberArgument('lines', 1_000);
for (let line = 1; line <= lines; line += 1) {
  process.stderr.write(`${line % 10 === 0 ? 'ERROR' : 'INFO'} line ${line} of ${lines}\n`);
}
setInterval(() => {}, 60_000);
