/** Work that goes on at a process though no request is open: its tasks that somebody waits for. */
export interface Holds {
  count(): number;
  /** One more, until the result is called; calling it again does nothing. */
  hold(): () => void;
  /** Calls back when there is none, at once or later; once. */
  whenFree(then: () => void): void;
}

/** Counts; `onHold` and `onFree` hear of the first and of the end of the last. */
export function createHolds(needs: {
  readonly onHold: () => void;
  readonly onFree: () => void;
}): Holds {
  let count = 0;
  let then: (() => void) | undefined;

  return {
    count: () => count,
    hold() {
      let isHeld = true;
      count += 1;
      if (count === 1) needs.onHold();
      return () => {
        if (!isHeld) return;
        isHeld = false;
        count -= 1;
        if (count > 0) return;
        needs.onFree();
        then?.();
        then = undefined;
      };
    },
    whenFree(next) {
      if (count === 0) next();
      else then = next;
    },
  };
}
