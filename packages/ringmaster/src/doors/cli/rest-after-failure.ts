import { resolve } from 'node:path';
import { fleetFileNames } from './locate.ts';
import type { Terminal } from './terminal.ts';
import { interruption, pause } from './wait.ts';

/**
 * A service manager starts again whatever ended, soon, as a daemon that crashed must be back soon; a start that cannot
 * succeed yet would cost half a second of CPU each time.
 */
const restMs = 30_000;

/**
 * Waits before a service that could not start ends: 30 s, or until its fleet file changes. Says whether the next try is
 * worth it: false when somebody ended the rest.
 */
export async function restAfterFailure(
  file: string = fleetFileNames[0],
  terminal: Terminal,
): Promise<boolean> {
  const { watchFleet } = await import('../../fleet/io/watch-fleet.ts');
  const changed = new AbortController();
  const ended = interruption();
  const endWatch = watchFleet(resolve(terminal.cwd, file), () => changed.abort());
  terminal.note(terminal.say('up.rests', { seconds: restMs / 1_000 }));
  await pause(restMs, AbortSignal.any([changed.signal, ended]));
  endWatch();
  return !ended.aborted;
}
