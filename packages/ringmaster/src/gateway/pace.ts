import type { Pace } from '../supervisor/pool.ts';

/** Measures how long the calls of one server take, alone and together. */
export interface PaceMeter {
  /** A call was answered; `wasAlone` when nothing else was in flight at its process as it was sent. */
  note(tookMs: number, wasAlone: boolean): void;
  /** What was seen since the last reading; undefined before the first call. */
  read(): Pace | undefined;
}

/** Half octaves of milliseconds: the last begins at 2^16 ms, about a minute. */
const bucketCount = 34;
/** Calls after which what was seen alone counts half: a server's habits change. */
const aloneMax = 512;

/** A meter that keeps two small histograms; a note costs a few nanoseconds. */
export function createPaceMeter(): PaceMeter {
  const together = new Uint32Array(bucketCount);
  const alone = new Uint32Array(bucketCount);
  let answered = 0;
  let aloneCount = 0;
  let hasAny = false;
  let lowestMs = Number.POSITIVE_INFINITY;

  function forgetHalf(): void {
    aloneCount = 0;
    for (let at = 0; at < bucketCount; at += 1) {
      alone[at] = (alone[at] ?? 0) >> 1;
      aloneCount += alone[at] ?? 0;
    }
  }

  return {
    note(tookMs, wasAlone) {
      const at = bucketOf(tookMs);
      together[at] = (together[at] ?? 0) + 1;
      answered += 1;
      hasAny = true;
      if (!wasAlone) return;
      alone[at] = (alone[at] ?? 0) + 1;
      aloneCount += 1;
      if (aloneCount >= aloneMax) forgetHalf();
    },
    read() {
      if (!hasAny) return undefined;
      const p50Ms = middleOf(together, answered);
      if (answered > 0) lowestMs = Math.min(lowestMs, p50Ms);
      // Where no call ever was alone, the best time of all tells how fast it can be.
      const baselineMs = aloneCount > 0 ? middleOf(alone, aloneCount) : lowestMs;
      const pace = { p50Ms, baselineMs, answered };
      together.fill(0);
      answered = 0;
      return pace;
    },
  };
}

function bucketOf(tookMs: number): number {
  if (!(tookMs >= 1)) return 0;
  return Math.min(bucketCount - 1, 1 + Math.floor(2 * Math.log2(tookMs)));
}

function middleOf(buckets: Uint32Array, count: number): number {
  let seen = 0;
  for (let at = 0; at < bucketCount; at += 1) {
    seen += buckets[at] ?? 0;
    if (seen * 2 >= count && seen > 0) return at === 0 ? 0 : Math.round(2 ** ((at - 1) / 2));
  }
  return 0;
}
