import { unreachable } from '../errors.ts';
import type { Exit } from './instance.ts';

/** An exit in a few words: `exit code 1`, `signal SIGKILL`. */
export function describeExit(exit: Exit): string {
  switch (exit.kind) {
    case 'exited':
      return `exit code ${exit.code}`;
    case 'signalled':
      return `signal ${exit.signal}`;
    case 'unknown':
      return 'exit unknown';
    case 'spawnFailed':
      return `could not be started: ${exit.message}`;
    default:
      return unreachable(exit);
  }
}
