import { z } from 'zod';
import { operation } from './operation.ts';

const instant = z.number().meta({ unit: 'ms since 1970' });
const one = z.object({ schedule: z.string().describe('Its name in the fleet file') });

const scheduleView = z.object({
  schedule: z.string(),
  cron: z.string(),
  timeZone: z.string().optional(),
  run: z.string().describe('The operation it does'),
  state: z.enum(['waiting', 'running', 'paused', 'off', 'broken']),
  why: z.string().optional().describe('Why it can never run'),
  nextAtMs: instant.optional(),
  last: z
    .object({
      atMs: instant,
      outcome: z.enum(['ok', 'failed', 'unknown', 'skipped']),
      tookMs: z.number().optional().meta({ unit: 'ms' }),
      why: z.string().optional(),
    })
    .optional(),
});
export type ScheduleRow = z.output<typeof scheduleView>;
const all = z.object({ schedules: z.array(scheduleView) });

/** What can be asked of schedules. */
export const scheduleOperations = {
  'schedule.list': operation({
    summary: 'List the schedules, when each runs next and how it went last',
    input: z.object({}),
    output: all,
    errors: [],
  }),
  'schedule.run': operation({
    summary: 'Do now what a schedule does, and wait for it',
    input: one,
    output: all,
    errors: ['schedule_not_found', 'schedule_running'],
  }),
  'schedule.pause': operation({
    summary: 'Leave out the runs of a schedule until it is resumed, also after restarts',
    input: one,
    output: all,
    errors: ['schedule_not_found'],
  }),
  'schedule.resume': operation({
    summary: 'Let a paused schedule run again',
    input: one,
    output: all,
    errors: ['schedule_not_found'],
  }),
} as const;
