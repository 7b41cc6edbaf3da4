/** Lets so many lines a second pass and counts the others. */
export interface LineRate {
  /** Whether a line may pass now; `leftOut` are those that might not since the last one that did. */
  take(nowMs: number): { readonly passes: boolean; readonly leftOut: number };
}

/** At most `perSecond` lines in each second of the clock. */
export function createLineRate(perSecond: number): LineRate {
  let second = 0;
  let count = 0;
  let leftOut = 0;
  return {
    take(nowMs) {
      const now = Math.floor(nowMs / 1_000);
      if (now !== second) {
        second = now;
        count = 0;
      }
      count += 1;
      if (count > perSecond) {
        leftOut += 1;
        return { passes: false, leftOut };
      }
      const told = leftOut;
      leftOut = 0;
      return { passes: true, leftOut: told };
    },
  };
}
