import { z } from 'zod';
import { logLevels } from '../../fleet/log-levels.ts';
import { logOperations } from '../../operations/logs.ts';
import { metricOperations } from '../../operations/metrics.ts';
import { type ControlTool, tool } from './tool.ts';

const minuteMs = 60_000;
/** Longest entry in an answer; the whole text is in `structuredContent` of a search for it. */
const entryMaxChars = 600;

/** Tools to read what processes wrote and what they use. */
export const logTools: readonly ControlTool[] = [
  tool({
    name: 'get_logs',
    title: 'Read a log',
    description:
      'Entries of the log of a process, newest first. Narrow it by level and text; diagnose and get_log_summary tell most for less.',
    operation: 'log.search',
    input: z.object({
      process_name: z.string(),
      level: z
        .string()
        .toLowerCase()
        .transform((level) => (level === 'warning' ? 'warn' : level))
        .pipe(z.enum(logLevels))
        .optional()
        .describe(`This level or a worse one: ${logLevels.join(', ')}`),
      text: z.string().max(1_000).optional().describe('Text that stands in the entry'),
      limit: z.int().min(1).max(1_000).default(100).describe('Most entries'),
      cursor: z.string().optional().describe('Cursor of an earlier answer: read on there'),
    }),
    output: z.object({
      entries: z.array(z.object({ atMs: z.number(), level: z.string(), text: z.string() })),
      cursor: z.string().optional(),
      isComplete: z.boolean(),
    }),
    async run(ask, { process_name, ...query }) {
      const found = await ask('log.search', { servers: [process_name], ...query });
      const entries = found.entries.map(({ atMs, level, text }) => ({
        ...{ atMs, level },
        text: text.length <= entryMaxChars ? text : `${text.slice(0, entryMaxChars)}…`,
      }));
      const lines = entries.map(
        ({ atMs, level, text }) => `${new Date(atMs).toISOString()} ${level} ${text}`,
      );
      if (!found.isComplete) lines.push(`more: cursor ${found.cursor ?? ''}`);
      const { cursor, isComplete } = found;
      return {
        structured: { entries, cursor, isComplete },
        text: lines.join('\n') || 'no entry fits',
      };
    },
  }),
  tool({
    name: 'get_log_summary',
    title: 'Sum up logs',
    description: 'Counts what processes logged, by level, with the most frequent errors.',
    operation: 'log.summary',
    input: z.object({
      process_name: z.string().optional().describe('Left out: every process'),
      minutes: z.int().min(1).max(527_040).default(60).describe('How far back'),
    }),
    output: logOperations['log.summary'].output,
    async run(ask, { process_name, minutes }) {
      const sinceMs = Date.now() - minutes * minuteMs;
      const servers = process_name === undefined ? undefined : [process_name];
      const summary = await ask('log.summary', { sinceMs, servers });
      const lines = summary.servers.flatMap(({ server, counts, entries, topErrors }) => [
        `${server}: ${entries} entries (${Object.entries(counts)
          .filter(([, count]) => count > 0)
          .map(([level, count]) => `${count} ${level}`)
          .join(', ')})`,
        ...topErrors.slice(0, 5).map(({ count, shape }) => `  ${count} × ${shape.slice(0, 200)}`),
      ]);
      return { structured: summary, text: lines.join('\n') };
    },
  }),
  tool({
    name: 'get_metrics',
    title: 'Read figures',
    description:
      'The newest figures (CPU, memory, calls) of the machine and the processes. For a history: get_metric_history.',
    operation: 'metric.latest',
    input: z.object({ name: z.string().optional().describe('Left out: all and the machine') }),
    output: metricOperations['metric.latest'].output,
    async run(ask, { name: server }) {
      const latest = await ask('metric.latest', { server });
      const lines = latest.subjects.map(({ server: subject, samples }) => {
        const values = Object.entries(samples.at(-1)?.values ?? {});
        const figures = values.map(
          ([metric, value]) => `${metric} ${Number(value.toPrecision(4))}`,
        );
        return `${subject ?? 'machine'}: ${figures.join(', ') || 'not sampled yet'}`;
      });
      return { structured: latest, text: lines.join('\n') || 'nothing is sampled' };
    },
  }),
];
