import { createFacts } from '../../../journal/io/facts.ts';
import type { OnceNeeds } from '../idempotency.ts';

/** Where Idempotency-Keys are remembered by a door without a journal: the journal's own facts, never written. */
export function keysInMemory(): OnceNeeds {
  const journal = { ...createFacts([]), flushWithin: async () => true };
  return { clock: { nowMs: Date.now }, journal };
}
