import { z } from 'zod';
import { durationMs } from '../fleet/units.ts';
import { advice } from '../reporting/advice.ts';
import { capacity } from '../reporting/capacity.ts';
import { loadFigures } from '../reporting/load.ts';
import { operation } from './operation.ts';
import { since } from './reports.ts';
import { toldChange } from './servers.ts';

const toldAdvice = advice.extend({
  sentence: z.object({ en: z.string(), ja: z.string() }).describe('What to do, and why'),
});
const dayMs = 86_400_000;
const instant = z.number().meta({ unit: 'ms since 1970' });

/** What can be asked about what one could change. */
export const adviceOperations = {
  'advice.list': operation({
    summary: 'Tell what one could change, and the stored figures that speak for it',
    input: z.object({ rangeMs: since }),
    output: z.object({ fromMs: instant, toMs: instant, advice: z.array(toldAdvice) }),
    errors: [],
  }),
  'advice.capacity': operation({
    summary:
      'Tell how memory, disk and sessions grow, when they run out, and what one more instance would need',
    input: z.object({
      rangeMs: durationMs({
        min: dayMs,
        max: 400 * dayMs,
        default: 30 * dayMs,
        describe: 'How far back the lines are fitted',
      }),
    }),
    output: capacity,
    errors: [],
  }),
  'advice.benchmark': operation({
    summary:
      'Call a tool of one server for a short time, change settings, call again, compare, and change them back',
    input: z.object({
      server: z.string(),
      tool: z
        .string()
        .optional()
        .describe('Left out: the first that is marked read-only and needs no arguments'),
      arguments: z.record(z.string(), z.unknown()).default({}),
      patch: z
        .record(z.string(), z.unknown())
        .optional()
        .describe('Settings to try, as server.edit takes them; left out: what advice.list says'),
      keep: z.boolean().default(false).describe('Leave the settings changed'),
      durationMs: durationMs({
        min: 100,
        max: 30_000,
        default: 3_000,
        describe: 'How long each load lasts; calls that run at its end are waited for',
      }),
      concurrency: z.int().min(1).max(32).default(4).meta({ unit: 'calls' }),
    }),
    output: z.object({
      server: z.string(),
      tool: z.string(),
      before: loadFigures,
      after: loadFigures.optional().describe('Missing when there was nothing to change'),
      changes: z.array(toldChange).describe('What was tried'),
      kept: z.boolean().describe('Whether the settings are still changed'),
      revision: z.int().describe('Of the fleet now'),
      undo: z
        .record(z.string(), z.unknown())
        .optional()
        .describe('The patch with which server.edit takes back what was kept'),
    }),
    errors: [
      ...(['server_not_found', 'tool_not_found', 'not_supported', 'server_down'] as const),
      ...(['server_busy', 'call_lost', 'call_late', 'fleet_invalid', 'file_unreadable'] as const),
    ],
  }),
} as const;
