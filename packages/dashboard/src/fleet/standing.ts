import type { Overview, ServerRow } from '../client/fleet-store.ts';

/** The groups of the filter. */
export type Group = 'all' | 'need' | 'changing' | 'ready' | 'stopped';

/** The servers a person should look at, as the daemon's verdict names them. */
export function needing({ verdict }: Pick<Overview, 'verdict'>): ReadonlySet<string> {
  return new Set(verdict.reasons.flatMap(({ server, folded }) => [server, ...folded]));
}

/** Which group a server is in, besides `all`. */
export function groupOf(
  { server, state }: Pick<ServerRow, 'server' | 'state'>,
  needy: ReadonlySet<string>,
): Exclude<Group, 'all'> {
  if (needy.has(server)) return 'need';
  // One that sleeps starts with the next call: for those who call it, it is ready.
  if (state === 'ready' || state === 'asleep') return 'ready';
  // One that failed and is not wanted any more rests like one that was stopped.
  return state === 'stopped' || state === 'failed' ? 'stopped' : 'changing';
}
