import { z } from 'zod';
import { poolMost } from '../fleet/schema-sections.ts';
import type { Figures, ServerFigures } from './figures.ts';
import { knownMinMs } from './slo.ts';

/** Kinds of advice; each has a sentence in both languages. */
const kinds = [
  'objectiveMissed',
  'oftenDead',
  'oftenFailing',
  'slow',
  'limitNear',
  'unused',
  'machineBusy',
  'memoryShort',
  'diskShort',
  'tooLittle',
] as const;

/** One piece of advice, and the figures it rests on. */
export const advice = z.object({
  kind: z.enum(kinds),
  server: z.string().optional().describe('Missing: the machine'),
  values: z.record(z.string(), z.number()).describe('The stored figures it rests on'),
  change: z
    .object({
      setting: z.string(),
      from: z.string(),
      to: z.string(),
      patch: z
        .record(z.string(), z.unknown())
        .default({})
        .describe('The same as server.edit takes it'),
    })
    .optional()
    .describe('What to change in the fleet file; changing it back takes it back'),
});
export type Advice = z.output<typeof advice>;

/** Fewer calls than this are no ground for advice. */
const callsMin = 20;
/** A server is called unused when it was up this long without a call. */
const unusedMs = 24 * 3_600_000;
const deathsMany = 3;
const failedPercentMany = 5;
const slowMs = 5_000;
/** From this share of its limit on a server is about to be restarted for it. */
const nearShare = 0.9;
/** What is offered then, rounded up to whole megabytes. */
const raisedShare = 1.25;
const megabyte = 1_000_000;
/** Of the machine, in per cent: where the health check warns. */
const busyPercent = 80;

/** What of a server's settings advice looks at. */
export interface AdviceSpec {
  readonly server: string;
  /** It is run by us, speaks MCP and could sleep while nobody calls it. */
  readonly canSleep: boolean;
  readonly poolMin: number;
  /** Undefined when load does not make it grow. */
  readonly poolMax: number | undefined;
  /** It is run by us, and no fixed port keeps a second instance away. */
  readonly canGrow: boolean;
  /** `resources.memoryBytes`, where it holds for the whole server: while it is one process tree. */
  readonly memoryLimitBytes: number | undefined;
}

/**
 * What one could do, worst first; empty when the figures are no ground for anything. Of less than an hour it says that
 * it is too little: then only what is certain at once stands beside it (deaths, a full disk, failing calls).
 */
export function adviceOf(figures: Figures, specs: readonly AdviceSpec[]): Advice[] {
  const { machine, servers, knownMs } = figures;
  const isLittle = knownMs < knownMinMs;
  const short = (
    [
      ['diskShort', machine.diskPercent?.last, machine.diskPercent?.samples],
      ['memoryShort', machine.memoryPercent?.mean, machine.memoryPercent?.samples],
      ['machineBusy', machine.cpuPercent?.mean, machine.cpuPercent?.samples],
    ] as const
  ).flatMap(([kind, percent, samples = 0]) =>
    percent === undefined || percent < busyPercent || (isLittle && kind !== 'diskShort')
      ? []
      : [{ kind, values: { percent, samples } }],
  );
  const little: Advice[] = isLittle
    ? [{ kind: 'tooLittle', values: { knownMs, neededMs: knownMinMs } }]
    : [];
  const ofServers = servers.flatMap((server) =>
    ofServer(
      server,
      specs.find((spec) => spec.server === server.server),
    ),
  );
  return [...short, ...ofServers, ...little].sort(
    (one, other) => kinds.indexOf(one.kind) - kinds.indexOf(other.kind),
  );
}

function ofServer(found: ServerFigures, spec: AdviceSpec | undefined): Advice[] {
  const { server, calls, deaths, budget, memoryBytes } = found;
  const advices: Advice[] = [];
  const { availabilityPercent = 0, objectivePercent, downMs, upMs } = budget;
  if (budget.state === 'missed') {
    const values = { availabilityPercent, objectivePercent, downMs, deaths };
    advices.push({ kind: 'objectiveMissed', server, values });
  }
  if (deaths >= deathsMany) advices.push({ kind: 'oftenDead', server, values: { deaths } });
  const failedPercent = (100 * calls.failed) / Math.max(1, calls.calls);
  if (calls.calls >= callsMin && failedPercent > failedPercentMany) {
    const values = { failed: calls.failed, calls: calls.calls, failedPercent };
    advices.push({ kind: 'oftenFailing', server, values });
  }
  if (calls.calls >= callsMin && (calls.p95Ms ?? 0) > slowMs) {
    const values = { p95Ms: calls.p95Ms ?? 0, calls: calls.calls };
    advices.push({ kind: 'slow', server, values, ...morePool(spec) });
  }
  const limitBytes = spec?.memoryLimitBytes;
  if (memoryBytes !== undefined && memoryBytes.max >= nearShare * (limitBytes ?? Infinity)) {
    const values = { memoryBytes: memoryBytes.max, limitBytes: limitBytes ?? 0 };
    advices.push({ kind: 'limitNear', server, values, change: moreMemory(server, values) });
  }
  if (spec?.canSleep === true && spec.poolMin > 0 && calls.calls === 0 && upMs >= unusedMs) {
    const setting = `servers.${server}.pool.min`;
    const values = { upMs, ...(memoryBytes && { memoryBytes: memoryBytes.mean }) };
    const patch = { pool: { min: 0 } };
    const change = { setting, from: String(spec.poolMin), to: '0', patch };
    advices.push({ kind: 'unused', server, values, change });
  }
  return advices;
}

function moreMemory(server: string, { limitBytes }: { readonly limitBytes: number }) {
  const raised = Math.ceil((limitBytes * raisedShare) / megabyte) * megabyte;
  const setting = `servers.${server}.resources.memoryBytes`;
  const patch = { resources: { memoryBytes: raised } };
  return { setting, from: String(limitBytes), to: String(raised), patch };
}

function morePool(spec: AdviceSpec | undefined): Pick<Advice, 'change'> {
  if (spec?.canGrow !== true) return {};
  const { server, poolMin, poolMax } = spec;
  const setting = `servers.${server}.pool.max`;
  const max = Math.max(poolMin, poolMax ?? 1) + 1;
  if (max > poolMost) return {};
  const from = poolMax === undefined ? '-' : String(poolMax);
  return { change: { setting, from, to: String(max), patch: { pool: { max } } } };
}
