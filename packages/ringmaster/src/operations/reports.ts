import { z } from 'zod';
import { durationMs } from '../fleet/units.ts';
import { block } from '../reporting/document.ts';
import { reportPeriods } from '../reporting/period.ts';
import { report } from '../reporting/report.ts';
import { reportLanguages } from '../reporting/words.ts';
import { operation } from './operation.ts';

const hourMs = 3_600_000;
const language = z.enum(reportLanguages).default('en');
/** How far back figures of the past are asked for. */
export const since = durationMs({
  min: 60_000,
  max: 400 * 24 * hourMs,
  default: 24 * hourMs,
  describe: 'How far back; availability is known for as long as events are kept, 35 days at most',
});

/** What can be asked of reports. */
export const reportOperations = {
  'report.performance': operation({
    summary:
      'Tell availability against its objective, calls, latency, CPU and memory of every server over some time',
    input: z.object({
      rangeMs: since,
      language: z.enum(reportLanguages).optional().describe('Also in words, as `document`'),
    }),
    output: report.extend({
      document: z
        .array(block)
        .optional()
        .describe('The same in words, if a language was asked for'),
    }),
    errors: [],
  }),
  'report.create': operation({
    summary: 'Make the report on a day, week or month from stored figures, and keep it',
    input: z.object({
      period: z.enum(reportPeriods),
      which: z
        .enum(['last', 'current'])
        .default('last')
        .describe('The whole one before now, or the one that runs, so far'),
      timeZone: z
        .string()
        .optional()
        .describe('Whose midnights, such as Europe/Berlin; default: that of the machine'),
      language: language.describe('Of the Markdown and HTML files that are kept beside the JSON'),
    }),
    output: z.object({ name: z.string(), report }),
    errors: [],
  }),
  'report.list': operation({
    summary: 'List the reports that are kept, newest first',
    input: z.object({}),
    output: z.object({
      folder: z.string().describe('Where they are, as .json, .md and .html'),
      reports: z.array(
        z.object({
          name: z.string(),
          madeAtMs: z.number().meta({ unit: 'ms since 1970' }),
          sizeBytes: z.int().meta({ unit: 'bytes' }),
        }),
      ),
    }),
    errors: [],
  }),
  'report.read': operation({
    summary: 'Read a kept report as figures, Markdown or HTML, in either language',
    input: z.object({
      report: z.string().describe('Its name, such as daily-2026-11-20'),
      format: z
        .enum(['json', 'markdown', 'html', 'document'])
        .default('json')
        .describe('document: headings, texts, lists, tables and curves, as JSON'),
      language,
    }),
    output: z.object({ name: z.string(), text: z.string() }),
    errors: ['report_not_found'],
  }),
} as const;
