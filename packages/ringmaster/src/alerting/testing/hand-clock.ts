import type { Clock } from '../../clock.ts';

/** A clock whose waits end when the test says so; it begins at `startMs`. */
export function createHandClock(startMs = 0) {
  let passedMs = 0;
  let setMs = 0;
  let waits: { readonly atMs: number; readonly then: () => void }[] = [];
  const clock: Clock = {
    ...{ nowMs: () => startMs + setMs + passedMs, tickMs: () => passedMs },
    after(delayMs, then) {
      const wait = { atMs: passedMs + delayMs, then };
      waits.push(wait);
      return () => {
        waits = waits.filter((one) => one !== wait);
      };
    },
  };
  return {
    clock,
    /** Somebody sets the time of day, by so much. */
    set(byMs: number) {
      setMs += byMs;
    },
    pass(lengthMs: number) {
      passedMs += lengthMs;
      const due = waits.filter(({ atMs }) => atMs <= passedMs);
      waits = waits.filter(({ atMs }) => atMs > passedMs);
      for (const { then } of due) then();
    },
  };
}
