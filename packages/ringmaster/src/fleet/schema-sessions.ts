import { z } from 'zod';
import { durationMs, sizeBytes } from './units.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** `sessions` of the fleet file. */
export const sessions = z.strictObject({
  max: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .meta({ unit: 'sessions' })
    .describe('Sessions of 2025-era clients kept at once; the longest idle goes first'),
  idleMs: durationMs({
    min: 1_000,
    max: 30 * 24 * hourMs,
    default: 24 * hourMs,
    describe: 'A session unused this long is forgotten',
  }),
  pingTimeoutMs: durationMs({
    min: 100,
    max: 10 * minuteMs,
    default: 10_000,
    describe:
      'How long a client that holds a process of its own, and uses none, may take to answer a ping',
  }),
  eventBytes: sizeBytes({
    min: 0,
    max: 1_000_000_000,
    default: 4_194_304,
    describe: 'Messages of event streams kept for one session, so that it can take them up again',
  }),
  eventTotalBytes: sizeBytes({
    min: 0,
    max: 10_000_000_000,
    default: 33_554_432,
    describe: 'Messages of event streams kept for all sessions; those said longest ago go first',
  }),
  eventKeepMs: durationMs({
    min: 1_000,
    max: hourMs,
    default: 5 * minuteMs,
    describe: 'How long a stream that lost its connection waits for its client',
  }),
});
