import { asProblem, messageChain } from '../errors.ts';
import type { doors, NewEvent } from '../journal/events.ts';
import type { OperationName } from './routes.ts';

/** Who asks for an operation, and by which way. */
export interface Asker {
  readonly door: (typeof doors)[number];
  /** What the asker calls itself: nothing proves it. */
  readonly by: string;
}

/** Does an operation for somebody, its input checked first; rejects with a Problem. */
export type Perform = (name: OperationName, given: unknown, asker: Asker) => Promise<unknown>;

/** How an operation ended. */
export interface Ended {
  readonly name: OperationName;
  readonly given: unknown;
  readonly asker: Asker;
  readonly atMs: number;
  readonly tookMs: number;
  /** Undefined: it was done. */
  readonly error?: unknown;
}

/** Longest name that is recorded, in characters. */
const nameMax = 100;
/** Most names that are recorded of one operation. */
const namesMax = 20;
/** Fields of inputs that name what is meant. All others may hold secrets, and are not recorded. */
const naming = [
  ...['server', 'servers', 'profile', 'schedule', 'name', 'tool', 'signal'],
  ...['key', 'rule', 'subject', 'id', 'notifier', 'period'],
] as const;

/** The event that tells of it: who asked for what by which way, and what became of it. */
export function endedEvent({ name, given, asker, atMs, tookMs, error }: Ended): NewEvent {
  const fields = asFields(given);
  const about = namesIn(fields);
  const { server, servers } = fields;
  const [subject = 'fleet'] = namesIn({ server, servers });
  const said = typeof fields['by'] === 'string' ? fields['by'] : asker.by;
  return {
    ...{ kind: 'operation.finished', subject, atMs, operation: name, about },
    ...{ door: asker.door, by: said.slice(0, nameMax), tookMs: Math.round(tookMs) },
    ...(error === undefined
      ? { outcome: 'done' }
      : {
          outcome: asProblem(error).row.family === 'invalid' ? 'refused' : 'failed',
          why: messageChain(error),
        }),
  };
}

function asFields(given: unknown): Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
}

function namesIn(fields: Readonly<Record<string, unknown>>): string[] {
  return naming
    .flatMap((field) => fields[field])
    .filter((value) => typeof value === 'string' && value !== '')
    .slice(0, namesMax)
    .map((value) => String(value).slice(0, nameMax));
}
