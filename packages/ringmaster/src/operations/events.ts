import { z } from 'zod';
import { operation } from './operation.ts';

/** What can be asked of the journal. */
export const eventOperations = {
  'event.list': operation({
    summary: 'Read the journal, newest first',
    input: z.object({
      subject: z.string().optional(),
      kind: z.string().optional().describe('A kind, or a prefix that ends in a dot: "instance."'),
      beforeSeq: z.coerce.number().int().optional(),
      sinceMs: z.coerce.number().optional().meta({ unit: 'ms since 1970' }),
      limit: z.coerce.number().int().min(1).max(1_000).default(100).meta({ unit: 'events' }),
    }),
    output: z.object({
      events: z.array(
        z.looseObject({ seq: z.int(), atMs: z.number(), kind: z.string(), subject: z.string() }),
      ),
    }),
    errors: [],
  }),
} as const;
