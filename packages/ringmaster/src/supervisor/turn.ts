/** Timers of round moments may be a little apart; what is due within this is due now. */
const dueEarlyMs = 500;

/** Says yes at most once in so long; a clock that is set back starts anew. */
export function createTurn(everyMs: number): (nowMs: number) => boolean {
  let lastMs: number | undefined;
  return (nowMs) => {
    const sinceMs = nowMs - (lastMs ?? Number.NEGATIVE_INFINITY);
    if (sinceMs >= 0 && sinceMs < everyMs - dueEarlyMs) return false;
    lastMs = nowMs;
    return true;
  };
}
