/** How a torture went: what was aimed at, what was seen, and whether that is good enough. */
export interface Outcome {
  readonly target: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** One way to torture a daemon; `small` fits into `npm test`, `full` is the promise. */
export interface Torture {
  readonly name: string;
  /** Why it cannot be done here; undefined when it can. */
  readonly impossible?: () => string | undefined;
  run(size: 'small' | 'full', chance: () => number): Promise<readonly Outcome[]>;
}

/** An outcome of things of which there may be none. */
export function none(target: string, found: readonly string[], seen: string): Outcome {
  const shown = found.length === 0 ? seen : `${found.length}: ${found.slice(0, 5).join('; ')}`;
  return { target, measured: shown, isMet: found.length === 0 };
}

/** Numbers from 0 to 1 that a seed repeats (mulberry32, by Tommy Ettinger, public domain). */
export function chanceOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
