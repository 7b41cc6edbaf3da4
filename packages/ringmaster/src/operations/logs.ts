import { z } from 'zod';
import { operation } from './operation.ts';

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
    }),
    errors: ['server_not_found'],
  }),
} as const;
