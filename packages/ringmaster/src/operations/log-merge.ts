import type { LogEntry } from '../supervisor/log-query.ts';

/** Entries of several servers as one list, newest or oldest first, at most `limit`; each list is in that order already. */
export function mergeEntries(
  lists: readonly (readonly LogEntry[])[],
  how: { readonly order: 'newest' | 'oldest'; readonly limit: number },
): LogEntry[] {
  const sign = how.order === 'newest' ? -1 : 1;
  // A stable sort: entries of one moment stay in the order their server wrote them.
  return lists
    .flat()
    .sort((one, other) => sign * (one.atMs - other.atMs))
    .slice(0, how.limit);
}
