const pollMs = 10;
const calmPollMs = 250;
/** Long enough for a machine that is busy with other things: what is well is seen at once, whatever this says. */
const patienceMs = 60_000;

/** Waits until `look` finds something other than undefined, null or false; fails after `timeoutMs`, saying what was awaited. */
export function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  timeoutMs = patienceMs,
): Promise<Found<T>> {
  return lookUntilFound({ what, look, timeoutMs, pauseMs: () => pollMs });
}

/** The same for what stays once it is so: the longer it takes, the less often looking for it slows it down. */
export function waitCalmly<T>(
  what: string,
  look: () => T | Promise<T>,
  timeoutMs = patienceMs,
): Promise<Found<T>> {
  const pauseMs = (waitedMs: number) => Math.min(Math.max(pollMs, waitedMs / 10), calmPollMs);
  return lookUntilFound({ what, look, timeoutMs, pauseMs });
}

type Found<T> = NonNullable<Exclude<T, false>>;

async function lookUntilFound<T>(how: {
  readonly what: string;
  readonly look: () => T | Promise<T>;
  readonly timeoutMs: number;
  readonly pauseMs: (waitedMs: number) => number;
}): Promise<Found<T>> {
  const { what, look, timeoutMs, pauseMs } = how;
  const sinceMs = performance.now();
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found as Found<T>;
    const waitedMs = performance.now() - sinceMs;
    if (waitedMs > timeoutMs) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs(waitedMs)));
  }
}
