import type { ServerRow } from '../client/fleet-store.ts';

/** The groups of the filter. */
export type Group = 'all' | 'need' | 'changing' | 'ready' | 'stopped';

/** True for a server that a person should look at. */
export function needsSomebody(server: Pick<ServerRow, 'state'>): boolean {
  return server.state === 'failed' || server.state === 'sick' || server.state === 'waiting';
}

/** Which group a server is in, besides `all`. */
export function groupOf(server: Pick<ServerRow, 'state'>): Exclude<Group, 'all'> {
  if (needsSomebody(server)) return 'need';
  // One that sleeps starts with the next call: for those who call it, it is ready.
  if (server.state === 'ready' || server.state === 'asleep') return 'ready';
  return server.state === 'stopped' ? 'stopped' : 'changing';
}

const rank = ['failed', 'sick', 'waiting'];

/** Servers that need somebody: failed, sick, waiting; of the same state the longest first. */
export function inNeed<Row extends Pick<ServerRow, 'state' | 'sinceMs'>>(
  servers: readonly Row[],
): Row[] {
  return servers
    .filter(needsSomebody)
    .sort(
      (one, other) =>
        rank.indexOf(one.state) - rank.indexOf(other.state) || one.sinceMs - other.sinceMs,
    );
}
