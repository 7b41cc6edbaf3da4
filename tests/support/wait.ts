const pollMs = 10;
/** Long enough for a machine that is busy with other things: what is well is seen at once, whatever this says. */
const patienceMs = 60_000;

/** Waits until `look` finds something other than undefined, null or false; fails after `timeoutMs`, saying what was awaited. */
export async function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  timeoutMs = patienceMs,
): Promise<NonNullable<Exclude<T, false>>> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false)
      return found as NonNullable<Exclude<T, false>>;
    if (performance.now() > deadlineMs)
      throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
