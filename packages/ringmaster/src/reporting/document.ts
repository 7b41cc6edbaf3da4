import { z } from 'zod';
import type { Advice } from './advice.ts';
import type { ServerFigures } from './figures.ts';
import type { Indicator } from './indicators.ts';
import type { Report } from './report.ts';
import { bytesText, durationText, percentText, timeText, valueText } from './units.ts';
import type { Words } from './words.ts';

const text = z.string();

/** A part of a report as people see it, before it takes a form. */
export const block = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('heading'), level: z.literal([1, 2]), text }),
  z.object({ kind: z.literal('text'), text }),
  z.object({ kind: z.literal('list'), items: z.array(text) }),
  z.object({
    kind: z.literal('table'),
    headings: z.array(text),
    rows: z
      .array(z.array(text))
      .describe('The first cell of a row names it, the others are figures'),
  }),
  z.object({
    kind: z.literal('curve'),
    title: text,
    fromMs: z.number().meta({ unit: 'ms since 1970' }),
    toMs: z.number().meta({ unit: 'ms since 1970' }),
    stepMs: z
      .number()
      .meta({ unit: 'ms' })
      .describe('Points further apart have a gap between them'),
    points: z.array(z.tuple([z.number(), z.number()])).describe('ms since 1970, value'),
  }),
]);
export type Block = z.output<typeof block>;

/** A report in words. */
export function documentOf(report: Report, words: Words): Block[] {
  const { fromMs, toMs, stepMs, timeZone, servers } = report;
  const heading = (text: string): Block => ({ kind: 'heading', level: 2, text });
  const advices = report.advice.map((one) => adviceText(one, words));
  const curves = report.curves.filter(({ points }) => points.length > 1);
  return [
    { kind: 'heading', level: 1, text: `${words.title} ${report.fleet}` },
    {
      kind: 'text',
      text: words.range(timeText(fromMs, timeZone), timeText(toMs, timeZone), timeZone),
    },
    ...storedText(report, words),
    { kind: 'text', text: words.basis(durationText(stepMs)) },
    heading(words.glance),
    glanceTable(report.indicators, words),
    heading(words.availability),
    availabilityTable(servers, words),
    heading(words.servers),
    serverTable(servers, words),
    heading(words.machine),
    machineTable(report, words),
    heading(words.alerts),
    alertTable(report, words),
    ...(curves.length === 0 ? [] : [heading(words.course)]),
    ...curves.map(
      ({ name, points }): Block => ({
        ...{ kind: 'curve', title: words.curves[name], fromMs, toMs, stepMs, points },
      }),
    ),
    heading(words.advice),
    advices.length === 0
      ? { kind: 'text', text: words.noAdvice }
      : { kind: 'list', items: advices },
  ];
}

/** Without curves, and without the heading over them, for forms that cannot draw. */
export function withoutCurves(blocks: readonly Block[]): Block[] {
  return blocks.filter(
    (block, at) => block.kind !== 'curve' && !(block.kind === 'heading' && isCurve(blocks[at + 1])),
  );
}

function isCurve(block: Block | undefined): boolean {
  return block?.kind === 'curve';
}

/** What a reader must know before a figure: that the time is not covered from its beginning. */
function storedText(
  { fromMs, stepMs, storedFromMs, timeZone }: Report,
  words: Words,
): readonly Block[] {
  if (storedFromMs === undefined) return [{ kind: 'text', text: words.nothingStored }];
  if (storedFromMs <= fromMs + stepMs) return [];
  return [{ kind: 'text', text: words.storedFrom(timeText(storedFromMs, timeZone)) }];
}

/** One advice as a sentence, with what to change. */
export function adviceText({ kind, server = '', values, change }: Advice, words: Words): string {
  const texts = Object.entries(values).map(([name, value]) => [name, valueText(name, value)]);
  const told = words.advices[kind](server, Object.fromEntries(texts));
  if (change === undefined) return told;
  return `${told} ${words.change(change.setting, change.from, change.to)}`;
}

function glanceTable(indicators: readonly Indicator[], words: Words): Block {
  const units = {
    ...{ response: durationText, errors: percentText, cacheMisses: percentText },
    ...{ sessions: String, memory: bytesText },
  };
  return {
    kind: 'table',
    headings: [words.figure, words.level, words.value, 'n'],
    rows: indicators.map(({ name, level, value, n }) => [
      words.indicators[name],
      words.levels[level],
      value === undefined ? words.nothing : units[name](value),
      String(n),
    ]),
  };
}

function availabilityTable(servers: readonly ServerFigures[], words: Words): Block {
  const { nothing } = words;
  return {
    kind: 'table',
    headings: [
      ...[words.server, words.availability, words.objective, words.state, words.down],
      ...[words.allowed, words.spent, words.unknown],
    ],
    rows: servers.map(({ server, budget }) => {
      const { availabilityPercent, spentShare, state } = budget;
      return [
        server,
        availabilityPercent === undefined ? nothing : percentText(availabilityPercent),
        percentText(budget.objectivePercent),
        words[state],
        durationText(budget.downMs),
        durationText(budget.allowedMs),
        spentShare === undefined ? nothing : percentText(100 * spentShare),
        durationText(budget.unknownMs),
      ];
    }),
  };
}

function serverTable(servers: readonly ServerFigures[], words: Words): Block {
  const { nothing, mean, largest } = words;
  const time = (value: number | undefined) => (value === undefined ? nothing : durationText(value));
  return {
    kind: 'table',
    headings: [
      ...[words.server, words.calls, words.failed, 'p50', 'p95', 'p99', words.deaths],
      ...[`${words.cpu}, ${mean}`, `${words.cpu}, ${largest}`],
      ...[`${words.memory}, ${mean}`, `${words.memory}, ${largest}`],
    ],
    rows: servers.map(({ server, calls, deaths, cpuPercent, memoryBytes }) => [
      ...[server, String(calls.calls), String(calls.failed)],
      ...[time(calls.p50Ms), time(calls.p95Ms), time(calls.p99Ms), String(deaths)],
      ...(cpuPercent === undefined
        ? [nothing, nothing]
        : [percentText(cpuPercent.mean), percentText(cpuPercent.max)]),
      ...(memoryBytes === undefined
        ? [nothing, nothing]
        : [bytesText(memoryBytes.mean), bytesText(memoryBytes.max)]),
    ]),
  };
}

function alertTable({ alerts }: Report, words: Words): Block {
  if (alerts.length === 0) return { kind: 'text', text: words.noAlerts };
  return {
    kind: 'table',
    headings: [words.rule, words.about, words.fired],
    rows: alerts.map(({ rule, subject, fired }) => [rule, subject, String(fired)]),
  };
}

function machineTable({ machine }: Report, words: Words): Block {
  const { nothing } = words;
  const rows = [
    [words.cpu, machine.cpuPercent],
    [words.memory, machine.memoryPercent],
    [words.disk, machine.diskPercent],
  ] as const;
  return {
    kind: 'table',
    headings: [words.figure, words.mean, words.largest, words.newest, 'n'],
    rows: rows.map(([name, spread]) =>
      spread === undefined
        ? [name, nothing, nothing, nothing, '0']
        : [
            ...[name, percentText(spread.mean), percentText(spread.max)],
            ...[percentText(spread.last), String(spread.samples)],
          ],
    ),
  };
}
