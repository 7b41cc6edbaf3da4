import type { Cancel, Clock } from '../../clock.ts';
import { messageChain, Problem } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Append } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import { cutOffWhy } from '../../operations/asked.ts';
import { decideDue, lateMs, type ScheduleSpec } from '../due.ts';
import type { Scheduler, ScheduleView } from '../scheduler.ts';
import { nextDueMs } from './cron.ts';

/** Longest time between two looks: a clock that is set is noticed within it. */
const lookEveryMs = 30_000;

/** A run waits this long for its record to be on the disk. */
const writtenWithinMs = 1_000;
/** Facts about runs that have begun and not ended, by schedule. */
const begunFact = 'scheduleBegun';

interface Begun {
  readonly operation: string;
  readonly dueAtMs?: number;
  readonly beganAtMs: number;
}

interface Row {
  readonly name: string;
  spec: ScheduleSpec;
  handledUntilMs: number;
  nextAtMs: number | undefined;
  /** Why it can never run. */
  broken: string | undefined;
}

/** What the daemon gives the scheduler. */
export interface SchedulerNeeds {
  readonly clock: Clock;
  readonly append: Append;
  readonly journal: Pick<Journal, 'recall' | 'recallAll' | 'remember' | 'flushWithin'>;
  /** Does an operation by its name, as the REST door would. */
  readonly perform: (operation: string, input: unknown) => Promise<unknown>;
  readonly isOperation: (name: string) => boolean;
}

/** Runs what is due, one run of a schedule at a time; what it dealt with is remembered over restarts. */
export function createScheduler(needs: SchedulerNeeds): Scheduler {
  const { clock, append } = needs;
  const { recall, remember } = needs.journal;
  const rows = new Map<string, Row>();
  /** Also of schedules that the file has no more: one that comes back is still running. */
  const running = new Set<string>();
  let cancel: Cancel | undefined;
  let isOver = false;

  function plan(row: Row): void {
    row.broken = needs.isOperation(row.spec.run)
      ? undefined
      : `there is no operation ${row.spec.run}`;
    try {
      row.nextAtMs = nextDueMs(row.spec, row.handledUntilMs);
    } catch (error) {
      row.broken = messageChain(error);
      row.nextAtMs = undefined;
    }
  }

  function handled(row: Row, untilMs: number): void {
    row.handledUntilMs = untilMs;
    remember('schedule', row.name, { handledUntilMs: untilMs, isPaused: isPaused(row.name) });
    plan(row);
  }

  function isPaused(name: string): boolean {
    const known = recall('schedule', name) as { isPaused?: unknown } | undefined;
    return known?.isPaused === true;
  }

  function look(): void {
    cancel?.();
    if (isOver) return;
    const nowMs = clock.nowMs();
    for (const row of rows.values()) lookAt(row, nowMs);
    const next = Math.min(
      ...[...rows.values()].map(({ nextAtMs }) => nextAtMs ?? Number.MAX_VALUE),
    );
    const waitMs = Math.max(10, Math.min(lookEveryMs, next - clock.nowMs()));
    cancel = clock.after(waitMs, look);
  }

  function lookAt(row: Row, nowMs: number): void {
    // The clock was set back: what it says now counts, or nothing would run until it is there again.
    if (row.handledUntilMs - nowMs > lateMs) handled(row, nowMs);
    if (row.broken !== undefined) return;
    const { name, handledUntilMs } = row;
    const state = { handledUntilMs, isRunning: running.has(name), isPaused: isPaused(name) };
    const decided = decideDue(row.spec, state, { dueAtMs: row.nextAtMs, nowMs });
    if (decided.kind === 'wait') return;
    const { dueAtMs } = decided;
    // Whatever else was missed up to now is dealt with by this one.
    handled(row, nowMs);
    if (decided.kind === 'run') void perform(row, dueAtMs).catch(() => {});
    else if (row.spec.enabled) {
      const event = { kind: 'schedule.skipped', schedule: row.name, dueAtMs } as const;
      append({ atMs: nowMs, subject: 'fleet', ...event, why: decided.why });
    }
  }

  async function perform(row: Row, dueAtMs: number | undefined): Promise<void> {
    const { run: operation } = row.spec;
    const startedTickMs = clock.tickMs();
    running.add(row.name);
    // On the disk before anything is done: who finds it there knows that it was begun, and does not begin it anew.
    remember(begunFact, row.name, { operation, dueAtMs, beganAtMs: clock.nowMs() });
    await needs.journal.flushWithin(writtenWithinMs);
    const ran = (outcome: 'ok' | 'failed', why?: string): void => {
      running.delete(row.name);
      remember(begunFact, row.name, undefined);
      append({
        ...{ atMs: clock.nowMs(), kind: 'schedule.ran', subject: 'fleet' },
        ...{ schedule: row.name, operation, outcome },
        tookMs: Math.round(clock.tickMs() - startedTickMs),
        ...(dueAtMs === undefined ? {} : { dueAtMs }),
        ...(why === undefined ? {} : { why }),
      });
    };
    try {
      await needs.perform(operation, row.spec.with);
      ran('ok');
    } catch (error) {
      ran('failed', messageChain(error));
      throw error;
    }
  }

  /** Tells of the runs that an earlier daemon did not live to finish. */
  function tellCutOff(): void {
    for (const [schedule, fact] of needs.journal.recallAll(begunFact)) {
      const { operation, dueAtMs, beganAtMs } = fact as Begun;
      append({
        ...{ atMs: clock.nowMs(), kind: 'schedule.ran', subject: 'fleet', schedule, operation },
        ...{ outcome: 'unknown', why: cutOffWhy(new Date(beganAtMs).toISOString()) },
        ...(dueAtMs === undefined ? {} : { dueAtMs }),
      });
      remember(begunFact, schedule, undefined);
    }
  }

  function found(name: string): Row {
    const row = rows.get(name);
    if (row !== undefined) return row;
    const known = [...rows.keys()].join(', ') || 'none';
    throw new Problem('schedule_not_found', `There is no schedule "${name}"; there are: ${known}`);
  }

  function setFleet({ schedules }: Pick<Fleet, 'schedules'>): void {
    for (const name of [...rows.keys()]) {
      if (schedules[name] === undefined) rows.delete(name);
    }
    for (const [name, spec] of Object.entries(schedules)) {
      const row = rows.get(name) ?? newRow(name, spec);
      row.spec = spec;
      rows.set(name, row);
      plan(row);
    }
    look();
  }

  /** A schedule seen for the first time has missed nothing. */
  function newRow(name: string, spec: ScheduleSpec): Row {
    const known = recall('schedule', name) as { handledUntilMs?: unknown } | undefined;
    const until = known?.handledUntilMs;
    const nowMs = clock.nowMs();
    const handledUntilMs = typeof until === 'number' ? Math.min(until, nowMs) : nowMs;
    const row = { name, spec, handledUntilMs, nextAtMs: undefined };
    if (known === undefined) remember('schedule', name, { handledUntilMs, isPaused: false });
    return { ...row, broken: undefined };
  }

  function view(row: Row): ScheduleView {
    const { name, spec, nextAtMs, broken } = row;
    const isOff = !spec.enabled;
    const state =
      broken !== undefined
        ? 'broken'
        : running.has(name)
          ? 'running'
          : isOff
            ? 'off'
            : isPaused(name)
              ? 'paused'
              : 'waiting';
    const waits = state === 'waiting' || state === 'running';
    return {
      ...{ schedule: name, cron: spec.cron, timeZone: spec.timeZone, run: spec.run, state },
      why: broken,
      nextAtMs: waits ? nextAtMs : undefined,
    };
  }

  tellCutOff();
  return {
    setFleet,
    views: () => [...rows.values()].map(view),
    run(name) {
      const row = found(name);
      if (running.has(name)) {
        return Promise.reject(new Problem('schedule_running', `Schedule "${name}" runs already`));
      }
      return perform(row, undefined);
    },
    setPaused(name, wanted) {
      const { handledUntilMs } = found(name);
      remember('schedule', name, { handledUntilMs, isPaused: wanted });
    },
    stop() {
      isOver = true;
      cancel?.();
    },
  };
}
