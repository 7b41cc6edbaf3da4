import { Problem } from '../../errors.ts';
import type { Batch, Opened } from './messages.ts';

/** Most facts of one kind; beyond it the one remembered longest ago is forgotten. */
const maxFactsPerKind = 10_000;
/** Longest JSON text of one fact, in characters. */
const maxFactLength = 65_536;

/** Facts in memory, and which of them are still to be written. */
export interface Facts {
  recall(kind: string, key: string): unknown;
  recallAll(kind: string): ReadonlyMap<string, unknown>;
  remember(kind: string, key: string, value: unknown): void;
  readonly waitingCount: number;
  /** Hands over what is to be written; only the newest value of each fact. */
  take(): Batch['facts'];
}

/** Facts as they were read from the journal's file. */
export function createFacts(opened: Opened['facts']): Facts {
  const kinds = new Map<string, Map<string, unknown>>();
  let waiting = new Map<string, readonly [kind: string, key: string, value: string | null]>();
  const ofKind = (kind: string): Map<string, unknown> => {
    const known = kinds.get(kind) ?? new Map<string, unknown>();
    kinds.set(kind, known);
    return known;
  };
  for (const [kind, key, value] of opened) ofKind(kind).set(key, JSON.parse(value));

  function write(kind: string, key: string, value: string | null): void {
    waiting.set(JSON.stringify([kind, key]), [kind, key, value]);
  }
  return {
    recall: (kind, key) => kinds.get(kind)?.get(key),
    recallAll: (kind) => new Map(kinds.get(kind)),
    remember(kind, key, value) {
      const facts = ofKind(kind);
      // Text for undefined, functions and symbols is undefined, whatever the declared type says.
      const text = JSON.stringify(value) as string | undefined;
      if (text === undefined) {
        if (facts.delete(key)) write(kind, key, null);
        return;
      }
      if (text.length > maxFactLength) {
        const found = `found ${text.length} characters, needed at most ${maxFactLength}`;
        throw new Problem('bug', `Cannot remember ${kind} ${key}: ${found}`);
      }
      facts.delete(key);
      // Read back from its text, so that it is the same now and after a restart of the daemon.
      facts.set(key, JSON.parse(text));
      write(kind, key, text);
      const oldest = facts.size > maxFactsPerKind ? facts.keys().next().value : undefined;
      if (oldest === undefined) return;
      facts.delete(oldest);
      write(kind, oldest, null);
    },
    get waitingCount() {
      return waiting.size;
    },
    take() {
      const taken = [...waiting.values()];
      waiting = new Map();
      return taken;
    },
  };
}
