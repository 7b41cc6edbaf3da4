import type { Fleet } from '../fleet/fleet.ts';

/** One wanted schedule. */
export type ScheduleSpec = Fleet['schedules'][string];

/** What is known of a schedule besides what is wanted. */
export interface ScheduleState {
  /** Every due time up to this one has been dealt with, ms since 1970. */
  readonly handledUntilMs: number;
  readonly isRunning: boolean;
  readonly isPaused: boolean;
}

/** What becomes of a schedule now. */
export type DueDecision =
  | { readonly kind: 'wait' }
  | { readonly kind: 'run'; readonly dueAtMs: number }
  | { readonly kind: 'skip'; readonly dueAtMs: number; readonly why: string };

/** A run that is later than this was missed: the daemon was away, or the machine slept. */
export const lateMs = 60_000;

/**
 * Decides about the first due time after `handledUntilMs`. Several that were missed are one: whoever was away is told
 * once. A schedule never overlaps with itself.
 */
export function decideDue(
  spec: Pick<ScheduleSpec, 'missed' | 'enabled'>,
  state: ScheduleState,
  at: { readonly dueAtMs: number | undefined; readonly nowMs: number },
): DueDecision {
  const { dueAtMs, nowMs } = at;
  if (dueAtMs === undefined || dueAtMs > nowMs) return { kind: 'wait' };
  if (!spec.enabled || state.isPaused) {
    return { kind: 'skip', dueAtMs, why: state.isPaused ? 'it is paused' : 'it is not enabled' };
  }
  if (state.isRunning) return { kind: 'skip', dueAtMs, why: 'the run before is not done yet' };
  if (nowMs - dueAtMs > lateMs && spec.missed === 'skip') {
    return { kind: 'skip', dueAtMs, why: 'it was due while nobody watched' };
  }
  return { kind: 'run', dueAtMs };
}
