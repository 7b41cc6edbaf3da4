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

/** Something that was asked for, without its arguments: they may hold secrets. */
export interface Act {
  /** The first server it is about, or `fleet`. */
  readonly subject: string;
  readonly operation: OperationName;
  readonly door: Asker['door'];
  readonly by: string;
  readonly about: readonly string[];
}

/** How an operation ended. */
export interface Ended {
  readonly act: Act;
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

/** What is recorded of who asked for what, and by which way. */
export function actOf(name: OperationName, given: unknown, asker: Asker): Act {
  const fields = asFields(given);
  const { server, servers } = fields;
  const [subject = 'fleet'] = namesIn({ server, servers });
  const said = typeof fields['by'] === 'string' ? fields['by'] : asker.by;
  const by = said.slice(0, nameMax);
  return { subject, operation: name, about: namesIn(fields), door: asker.door, by };
}

/** The event that tells of an act, and what became of it. */
export function endedEvent({ act, atMs, tookMs, error }: Ended): NewEvent {
  return {
    ...{ ...act, about: [...act.about], kind: 'operation.finished', atMs },
    tookMs: Math.round(tookMs),
    ...(error === undefined
      ? { outcome: 'done' }
      : {
          outcome: asProblem(error).row.family === 'invalid' ? 'refused' : 'failed',
          why: messageChain(error),
        }),
  };
}

/** What is said of an act of which nobody knows how far it came; `began` as a text. */
export function cutOffWhy(began: string): string {
  return `unknown: the daemon ended before it was finished; it was begun at ${began}`;
}

/** The event that tells of an act which a daemon that was killed had begun: nobody knows how far it came; `began` as a text. */
export function cutOffEvent(act: Act, when: { began: string; atMs: number }): NewEvent {
  return {
    ...{ ...act, about: [...act.about], kind: 'operation.finished', atMs: when.atMs },
    outcome: 'unknown',
    why: cutOffWhy(when.began),
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
