/** Preloaded by a server of which only one can run: it holds the folder `--lock PATH`, and exits with 3 when another does. */
import { mkdirSync, rmdirSync } from 'node:fs';
import { textArgument } from './arguments.ts';

const lock = textArgument('lock') ?? 'lock';
try {
  mkdirSync(lock);
} catch {
  process.stderr.write('The database is locked\n');
  process.exit(3);
}
process.on('exit', () => rmdirSync(lock));
process.on('SIGTERM', () => process.exit(0));
