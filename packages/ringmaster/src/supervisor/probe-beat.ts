/** Beats of one interval. */
const beatsPerInterval = 4;
/** Shorter intervals are kept as they are: a beat would change them too much. */
const alignedFromMs = 4_000;

/**
 * When to probe next so that probes of many servers fall on few common beats. A process that wakes for each of fifty
 * probes spends most of its idle time on waking up; fifty probes at once would hold up calls. With four beats to an
 * interval a dozen are sent together. Never later than asked for, and at most a beat sooner.
 */
export function probeDelayMs(wantedMs: number, nowMs: number): number {
  if (wantedMs < alignedFromMs) return Math.ceil(wantedMs);
  const beatMs = wantedMs / beatsPerInterval;
  return Math.max(1, Math.floor((nowMs + wantedMs) / beatMs) * beatMs - nowMs);
}
