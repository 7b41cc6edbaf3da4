import { z } from 'zod';
import { logLevels } from '../fleet/log-levels.ts';
import { isPattern } from '../supervisor/log-query.ts';
import { operation } from './operation.ts';

const level = z.enum(logLevels);
const instant = z.number().meta({ unit: 'ms since 1970' });

const servers = z
  .array(z.string())
  .min(1)
  .max(1_000)
  .optional()
  .describe('Names, or "all"; left out, all of them');
const sinceMs = instant.optional().describe('Nothing captured earlier');
const untilMs = instant.optional().describe('Nothing captured later');

const entry = z.object({
  server: z.string(),
  atMs: instant.describe('When it was captured, to within 50 ms'),
  level,
  text: z.string().describe('The line and what belongs to it, such as its stack trace'),
  isCut: z.boolean().describe('It was longer than 64 KiB'),
});
const lostBytes = z
  .int()
  .meta({ unit: 'bytes' })
  .describe('What could not be written since the daemon started, as the disk was full');

const summary = z.object({
  server: z.string(),
  counts: z.record(level, z.int()).describe('Entries by level'),
  entries: z.int(),
  entriesPerMinute: z.number(),
  firstAtMs: instant.optional(),
  lastAtMs: instant.optional(),
  topErrors: z.array(
    z.object({
      shape: z.string().describe('The error without numbers, ids, times and quoted text'),
      count: z.int(),
      firstAtMs: instant,
      lastAtMs: instant,
      example: z.string(),
    }),
  ),
  lostBytes,
});

/** What can be asked of the logs. */
export const logOperations = {
  'log.read': operation({
    summary: 'Read what a server wrote to stderr (services: stderr and stdout)',
    input: z.object({
      server: z.string(),
      lines: z.coerce
        .number()
        .int()
        .min(0)
        .max(10_000)
        .default(100)
        .meta({ unit: 'lines' })
        .describe('Last lines to read when no cursor is given'),
      cursor: z
        .string()
        .optional()
        .describe('Cursor of an earlier answer: read what came after it'),
    }),
    output: z.object({
      lines: z.array(z.string()),
      cursor: z.string().describe('Opaque; ask again with it to follow'),
      missed: z.boolean().describe('Lines were rotated away between the cursor and now'),
      lostBytes: lostBytes.optional(),
    }),
    errors: ['server_not_found'],
  }),
  'log.search': operation({
    summary: 'Search the logs of servers, rotated and compressed files too',
    input: z.object({
      servers,
      level: level.optional().describe('This level or a worse one'),
      text: z
        .string()
        .max(1_000)
        .optional()
        .describe('Text that stands in the entry, in any case and width; no pattern'),
      pattern: z
        .string()
        .max(1_000)
        .refine(isPattern, { error: 'needed a regular expression of JavaScript' })
        .optional()
        .describe('Regular expression that the entry matches, in any case; given up after 10 s'),
      sinceMs,
      untilMs,
      order: z.enum(['newest', 'oldest']).default('newest').describe('What comes first'),
      limit: z
        .int()
        .min(1)
        .max(100_000)
        .default(100)
        .meta({ unit: 'entries' })
        .describe('Most entries of one answer'),
      cursor: z
        .string()
        .optional()
        .describe('Cursor of an earlier answer: read on there; for one server only'),
    }),
    output: z.object({
      entries: z.array(entry),
      cursor: z
        .string()
        .optional()
        .describe('Read on with it, for one server; oldest first also in what is written later'),
      isComplete: z.boolean().describe('Nothing else fits; false when there is more to read'),
      lostBytes,
    }),
    errors: ['server_not_found', 'search_busy'],
  }),
  'log.summary': operation({
    summary: 'Count what servers logged, by level, with the most frequent errors',
    input: z.object({ servers, sinceMs, untilMs }),
    output: z.object({ servers: z.array(summary) }),
    errors: ['server_not_found', 'search_busy'],
  }),
} as const;
