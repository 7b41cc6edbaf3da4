import { z } from 'zod';
import { durationMs } from './units.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** `roots` of the fleet file and of a server. */
export const roots = z
  .array(
    z.strictObject({
      uri: z
        .string()
        .regex(/^file:\/\//, { error: 'needed an address that begins with file://' })
        .describe('Address of a folder or file'),
      name: z.string().optional().describe('Its name for people'),
    }),
  )
  .max(100);

/** `asks` of the fleet file: what servers ask of clients while they serve a call. */
export const asks = z.strictObject({
  timeoutMs: durationMs({
    min: 10,
    max: 24 * hourMs,
    default: 10 * minuteMs,
    describe: 'How long a person may take to answer a question of a server',
  }),
  max: z
    .int()
    .min(1)
    .max(100_000)
    .default(1_000)
    .meta({ unit: 'questions' })
    .describe('Questions that wait for answers at once; more are refused'),
  maxPerClient: z
    .int()
    .min(1)
    .max(100_000)
    .default(32)
    .meta({ unit: 'questions' })
    .describe('Questions that wait for one client at once; stateless clients count as one'),
});
