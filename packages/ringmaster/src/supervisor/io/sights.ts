import { dirname } from 'node:path';
import type { Member, ProcessRow } from '../processes.ts';
import { findHolders, type PipeHolder } from './pipe-holders.ts';
import { findMarked, type MarkedProcess, readProcessTable } from './process-table.ts';

/**
 * What the processes of this machine show. Each part is read when it is first asked for; whoever asks for them in this
 * order misses nobody who was started by one of the part before.
 */
export interface Sight {
  readonly table: () => readonly ProcessRow[];
  readonly marked: () => ReadonlyMap<string, readonly MarkedProcess[]>;
  readonly holders: () => ReadonlyMap<string, readonly PipeHolder[]>;
  /** Read once more, so that whoever was found is in it. */
  readonly after: () => readonly ProcessRow[];
}

/** Tells what is to be seen from now on of a server's processes: none is older than its leader. */
export type NextSight = (leader: {
  readonly startTime: string;
  readonly pipes: { readonly log: string };
}) => Promise<Sight>;

/**
 * Sights that all who ask in one turn of the event loop share: to look at everything for each of fifty servers that
 * stop together takes seconds. Nothing in a sight is older than the question.
 */
export function createSights(): NextSight {
  /** By folder of the pipes: when the oldest leader of those who asked was started, and what they wait for. */
  const waiting = new Map<string, { oldest: number; readonly sight: Promise<Sight> }>();
  return ({ startTime, pipes }) => {
    const folder = dirname(pipes.log);
    const startedAt = Number(startTime);
    const joined = waiting.get(folder);
    if (joined !== undefined) {
      joined.oldest = Math.min(joined.oldest, startedAt);
      return joined.sight;
    }
    const sight = new Promise<Sight>((resolve) => {
      setImmediate(() => {
        const oldest = waiting.get(folder)?.oldest ?? startedAt;
        waiting.delete(folder);
        resolve(sightOf(folder, oldest));
      });
    });
    waiting.set(folder, { oldest: startedAt, sight });
    return sight;
  };
}

/** What is to be seen now, of whoever is not older than that (in the unit of the process table). */
export function sightOf(folder: string, oldest: number): Sight {
  const table = once(readProcessTable);
  const among = () => table().filter(({ startTime }) => Number(startTime) >= oldest);
  return {
    table,
    marked: once(() => grouped(findMarked(''), ({ mark }) => mark)),
    holders: once(() => {
      const pids = among().map(({ pid }) => pid);
      return grouped(findHolders(folder, pids), ({ pipe }) => pipe);
    }),
    after: once(readProcessTable),
  };
}

function grouped<One extends Member>(
  all: readonly One[],
  keyOf: (one: One) => string,
): ReadonlyMap<string, readonly One[]> {
  const groups = new Map<string, One[]>();
  for (const one of all) {
    const key = keyOf(one);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

function once<Value>(read: () => Value): () => Value {
  let known: { readonly value: Value } | undefined;
  return () => {
    known ??= { value: read() };
    return known.value;
  };
}
