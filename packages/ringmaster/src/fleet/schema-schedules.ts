import { z } from 'zod';
import { isTimeZone } from './time-zone.ts';

/** Five fields (minute, hour, day, month, weekday), six with seconds in front, or a word such as @daily. */
const cronText = /^(@[a-z]+|[\d*/,\-?LW#A-Za-z]+( +[\d*/,\-?LW#A-Za-z]+){4,5})$/;

/** One schedule: what is done when. */
export const schedule = z.strictObject({
  cron: z
    .string()
    .regex(cronText, 'needed five cron fields such as "30 2 * * *", or @hourly, @daily, @weekly')
    .describe('When: minute, hour, day of month, month, weekday'),
  timeZone: z
    .string()
    .refine(isTimeZone, 'needed a time zone such as Europe/Berlin, or UTC')
    .optional()
    .describe('Whose clock; default: that of the machine'),
  run: z
    .string()
    .regex(/^[a-z]+\.[a-zA-Z]+$/, 'needed an operation such as server.restart')
    .describe('The operation that is done; see docs/reference/operations.md'),
  with: z.record(z.string(), z.unknown()).default({}).describe('Its input'),
  missed: z
    .enum(['once', 'skip'])
    .default('once')
    .describe(
      'What becomes of runs that fell into a time without daemon: one is made up for, or none',
    ),
  enabled: z.boolean().default(true).describe('Whether it runs by itself'),
});
