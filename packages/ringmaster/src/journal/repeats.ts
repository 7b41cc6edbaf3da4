import type { NewEvent } from './events.ts';

/** Time in which the same refusal is counted instead of told. */
export const repeatMs = 60_000;
/** Most different refusals that are counted at once; beyond them the one told longest ago is told and forgotten. */
const repeatsMax = 1_000;

interface Counting {
  /** When it is told next, if it happened again. */
  dueTickMs: number;
  count: number;
  last: NewEvent;
}

/** Kinds of events that are counted, or that make the count of their subject begin anew. */
const concerned: ReadonlySet<NewEvent['kind']> = new Set([
  ...(['spawn.refused', 'tool.refused', 'fleet.rejected'] as const),
  ...(['operation.finished', 'instance.spawned'] as const),
]);

/** Whether an event has to be shown to `Repeats` at all; most are not. */
export function mayRepeat({ kind }: NewEvent): boolean {
  return concerned.has(kind);
}

/** Refusals that happen again and again, as one event a minute. Times are those of a clock that is never set. */
export interface Repeats {
  /** What is to be written now that this happened: nothing for what is only counted. */
  take(event: NewEvent, tickMs: number): readonly NewEvent[];
  /** What was counted for a minute. */
  due(tickMs: number): readonly NewEvent[];
  /** Everything that was counted; nothing waits any more. */
  rest(): readonly NewEvent[];
  /** When something is due; undefined when nothing was counted. */
  nextTickMs(): number | undefined;
}

/**
 * Tells the first of equal refusals at once, and then each minute the newest with `times`, how often it happened since.
 * What happens once stays as it is. A server that was started begins anew.
 */
export function createRepeats(): Repeats {
  const countings = new Map<string, Counting>();

  function end(isMeant: (one: Counting) => boolean): NewEvent[] {
    const ended = [...countings].filter(([, one]) => isMeant(one));
    for (const [key] of ended) countings.delete(key);
    return ended.flatMap(([, one]) => toldOf(one));
  }

  return {
    take(event, tickMs) {
      if (event.kind === 'instance.spawned')
        return [...end(({ last }) => last.subject === event.subject), event];
      const key = keyOf(event);
      if (key === undefined) return [event];
      const known = countings.get(key);
      if (known !== undefined) {
        known.count += 1;
        known.last = event;
        return [];
      }
      const oldest = countings.size < repeatsMax ? undefined : [...countings.values()][0];
      const told = oldest === undefined ? [] : end((one) => one === oldest);
      countings.set(key, { dueTickMs: tickMs + repeatMs, count: 0, last: event });
      return [...told, event];
    },
    due(tickMs) {
      const over = [...countings].filter(([, { dueTickMs }]) => dueTickMs <= tickMs);
      const told = over.flatMap(([, one]) => toldOf(one));
      for (const [key, one] of over) {
        if (one.count === 0) countings.delete(key);
        else Object.assign(one, { dueTickMs: tickMs + repeatMs, count: 0 });
      }
      return told;
    },
    rest: () => end(() => true),
    nextTickMs() {
      const dues = [...countings.values()].map(({ dueTickMs }) => dueTickMs);
      return dues.length === 0 ? undefined : Math.min(...dues);
    },
  };
}

function toldOf({ count, last }: Counting): NewEvent[] {
  return count === 0 ? [] : [{ ...last, times: count } as NewEvent];
}

/** What makes two refusals the same: everything but when they were; undefined for any other event. */
function keyOf(event: NewEvent): string | undefined {
  switch (event.kind) {
    case 'spawn.refused':
    case 'tool.refused':
    case 'fleet.rejected':
      return JSON.stringify({ ...event, atMs: 0 });
    case 'operation.finished':
      if (event.outcome !== 'refused') return undefined;
      return JSON.stringify({ ...event, atMs: 0, tookMs: 0 });
    default:
      return undefined;
  }
}
