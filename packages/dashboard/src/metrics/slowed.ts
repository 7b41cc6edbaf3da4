import type { Panel } from './panels.ts';

/** Below so many points of the range nothing is called usual. */
const pointsMin = 20;
/** So many times the usual is worth a sentence. */
const timesMin = 2;
/** It must last for so many points up to the newest: one slow call is no news. */
const lastingPoints = 3;

/** Since when p95 is well above what is usual in the range shown, and by how much. */
export interface Slowed {
  readonly sinceMs: number;
  readonly times: number;
  readonly usualMs: number;
  readonly nowMs: number;
}

/** Undefined when p95 is as usual, or when there is too little to tell; usual is the median of the range. */
export function slowedOf(panel: Panel | undefined): Slowed | undefined {
  const line = panel?.lines.find(({ label }) => label === 'p95');
  if (panel === undefined || line === undefined) return undefined;
  const known = line.values.flatMap((value, index) => {
    return value === null ? [] : [{ atMs: panel.atMs[index] ?? 0, value }];
  });
  if (known.length < pointsMin) return undefined;
  const usualMs = medianOf(known.map(({ value }) => value));
  let first = known.length;
  while (first > 0 && (known[first - 1]?.value ?? 0) >= usualMs * timesMin) first -= 1;
  const lasting = known.slice(first);
  const [begin] = lasting;
  if (begin === undefined || lasting.length < lastingPoints) return undefined;
  const nowMs = medianOf(lasting.map(({ value }) => value));
  return { sinceMs: begin.atMs, times: nowMs / usualMs, usualMs, nowMs };
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
