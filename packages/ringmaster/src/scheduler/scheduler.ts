import type { Fleet } from '../fleet/fleet.ts';

/** A schedule as everybody outside sees it. */
export interface ScheduleView {
  readonly schedule: string;
  readonly cron: string;
  readonly timeZone: string | undefined;
  readonly run: string;
  readonly state: 'waiting' | 'running' | 'paused' | 'off' | 'broken';
  readonly why: string | undefined;
  readonly nextAtMs: number | undefined;
}

/** Does what is due. */
export interface Scheduler {
  setFleet(fleet: Fleet): void;
  views(): readonly ScheduleView[];
  /** Runs it now; resolves when it is done. Rejects with `schedule_not_found`, `schedule_running` or what went wrong. */
  run(schedule: string): Promise<void>;
  /** Kept over restarts. Rejects with `schedule_not_found`. */
  setPaused(schedule: string, isPaused: boolean): void;
  stop(): void;
}
