import { z } from 'zod';
import { operation } from './operation.ts';

const entry = z
  .object({
    command: z.string(),
    args: z.array(z.string()),
    cwd: z.string().optional(),
    environment: z
      .array(z.string())
      .describe('Names of the variables it sets; values are not told'),
    envFile: z.string().optional(),
    check: z.array(z.string()).optional().describe('The program its health check runs'),
    account: z.string().optional().describe('User and group it runs as'),
  })
  .describe('What a server runs');

/** What waits for a person. */
export const approvalOperations = {
  'approval.list': operation({
    summary: 'List servers that may not run before a person approves what their entries say',
    input: z.object({}),
    output: z.object({
      policy: z
        .enum(['never', 'changed', 'all'])
        .describe('spawn.approve of the fleet file: what is asked about'),
      waiting: z.array(
        z.object({
          server: z.string(),
          why: z
            .enum(['new', 'changed'])
            .describe('Nothing of it was approved yet, or what it runs has changed since'),
          sinceMs: z
            .number()
            .optional()
            .meta({ unit: 'ms since 1970' })
            .describe('When it was first refused; missing when nobody tried to start it'),
          now: entry,
          before: entry.optional().describe('What was approved; missing when nothing was'),
          changed: z
            .array(z.string())
            .describe('Fields that differ from what was approved; env.NAME for a variable'),
        }),
      ),
    }),
    errors: [],
  }),
} as const;
