import { useEffect, useRef, useState } from 'react';
import type { FleetStore } from '../client/fleet-store.ts';

/** Figures change at most four times a second. */
const tellMs = 250;
/** The pace is that of the last seconds. */
const paceMs = 3_000;

/** How fast calls end, and how many ended while the list stood still; both exact, also where the list is a sample. */
export interface CallPace {
  readonly perSecond: number;
  readonly newer: number;
}

/** Counts calls as the live stream tells them. */
export function useCallPace(fleet: FleetStore, isHeld: boolean): CallPace {
  const [pace, setPace] = useState<CallPace>({ perSecond: 0, newer: 0 });
  const newer = useRef(0);
  useEffect(() => {
    const counted: { readonly atMs: number; readonly count: number }[] = [];
    const leave = fleet.onEvents((_events, _gap, count) => {
      if (count === 0) return;
      newer.current += count;
      counted.push({ atMs: performance.now(), count });
    });
    const timer = setInterval(() => {
      const sinceMs = performance.now() - paceMs;
      while ((counted[0]?.atMs ?? sinceMs) < sinceMs) counted.shift();
      const sum = counted.reduce((total, { count }) => total + count, 0);
      const next = { perSecond: sum / (paceMs / 1_000), newer: newer.current };
      setPace((now) => (now.newer === next.newer && now.perSecond === next.perSecond ? now : next));
    }, tellMs);
    return () => {
      leave();
      clearInterval(timer);
    };
  }, [fleet]);
  useEffect(() => {
    // What has come up to the moment it is held, or let go, is on the list.
    newer.current = 0;
    setPace((now) => ({ ...now, newer: 0 }));
  }, [isHeld]);
  return pace;
}
