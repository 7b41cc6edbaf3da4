import { isObject, type JsonObject } from './messages.ts';
import type { ListKind } from './protocol.ts';

/** How long a client may keep a result, and who may share it (2026-07-28, caching). */
export interface CacheHints {
  readonly ttlMs: number;
  readonly cacheScope: 'public' | 'private';
}

/** When one of a server's lists was read, and what the server said of it then. */
export interface Reading {
  /** Milliseconds of the clock that is never set. */
  readonly readAtMs: number;
  /** Undefined when it said nothing, as servers of the older eras do. */
  readonly hints: CacheHints | undefined;
}

/** The hints in a result; undefined where the server gave none, as those of the older eras do. */
export function hintsIn(result: JsonObject): CacheHints | undefined {
  const { ttlMs, cacheScope } = result;
  if (typeof ttlMs !== 'number' || !Number.isFinite(ttlMs)) return undefined;
  return {
    ttlMs: Math.max(0, Math.floor(ttlMs)),
    cacheScope: cacheScope === 'public' ? 'public' : 'private',
  };
}

/** The honest hints of something put together of several: the shortest time, and private if any part is. */
export function mergedHints(all: readonly CacheHints[]): CacheHints | undefined {
  const [first, ...rest] = all;
  return rest.reduce<CacheHints | undefined>(
    (merged, one) =>
      merged && {
        ttlMs: Math.min(merged.ttlMs, one.ttlMs),
        cacheScope: one.cacheScope === 'public' ? merged.cacheScope : 'private',
      },
    first,
  );
}

/**
 * What may be promised of a list that a server gave us earlier. One that announces changes is as fresh now as it was
 * then; of one that does not, the time since then is used up. Without hints of its own, a server that announces
 * changes is given ours.
 */
export function promiseOf(
  reading: Reading,
  how: {
    readonly announcesChanges: boolean;
    readonly ownTtlMs: number;
    readonly nowMs: number;
  },
): CacheHints {
  const { hints, readAtMs } = reading;
  if (hints === undefined) {
    return { ttlMs: how.announcesChanges ? how.ownTtlMs : 0, cacheScope: 'private' };
  }
  const agedMs = how.announcesChanges ? 0 : how.nowMs - readAtMs;
  return { ttlMs: Math.max(0, Math.floor(hints.ttlMs - agedMs)), cacheScope: hints.cacheScope };
}

/** Whether a server's InitializeResult or DiscoverResult says that it announces changes of a list. */
export function announcesChanges(result: JsonObject, kind: ListKind): boolean {
  const capabilities = isObject(result['capabilities']) ? result['capabilities'] : {};
  const capability = capabilities[kind === 'templates' ? 'resources' : kind];
  return isObject(capability) && capability['listChanged'] === true;
}
