import { totalmem } from 'node:os';
import { Problem } from '../../errors.ts';
import type { ServerSpec } from '../../fleet/fleet.ts';
import type { StoredRollups } from '../../journal/journal.ts';
import { machineSubject } from '../../journal/metrics.ts';
import { stretchStartMs } from '../../journal/rollups.ts';
import type { AdviceSpec } from '../../reporting/advice.ts';
import { planCapacity } from '../../reporting/capacity.ts';
import { adviceText, documentOf } from '../../reporting/document.ts';
import { htmlOf } from '../../reporting/html.ts';
import { markdownOf } from '../../reporting/markdown.ts';
import { calendarRange } from '../../reporting/period.ts';
import { buildReport, type Report } from '../../reporting/report.ts';
import { reportStepMs } from '../../reporting/step.ts';
import { wordsOf } from '../../reporting/words.ts';
import { whyOnlyOne } from '../../supervisor/pool.ts';
import type { Handlers } from '../index.ts';
import type { HandlerNeeds } from './needs.ts';
import { eventsSince } from './scan-events.ts';

type ReportHandlers = Pick<
  Handlers,
  | 'report.performance'
  | 'report.create'
  | 'report.list'
  | 'report.read'
  | 'advice.list'
  | 'advice.capacity'
>;

/** Thousands of alerts of the time that are counted; the oldest of more are left out. */
const alertPagesMax = 10;

/** Handlers of the nouns `report` and `advice`. */
export function createReportHandlers(needs: HandlerNeeds): ReportHandlers {
  const { journal, clock, standings, daemon, shelf, supervisor } = needs;

  async function make(wanted: {
    readonly nowMs: number;
    readonly fromMs: number;
    readonly toMs: number;
    readonly timeZone: string;
  }): Promise<Report> {
    const { nowMs, timeZone } = wanted;
    const { fleet } = daemon.currentFleet();
    const range = { fromMs: wanted.fromMs, toMs: Math.min(wanted.toMs, nowMs) };
    const { sampleMs } = fleet.metrics;
    const stepMs = reportStepMs({ ...range, nowMs, sampleMs, servers: fleet.servers.length });
    // Whole stretches, so that what is said of a time is all of it, and nothing counts twice.
    const fromMs = stretchStartMs(range.fromMs, stepMs);
    const untilMs = range.toMs === nowMs ? nowMs : stretchStartMs(range.toMs, stepMs);
    const asked = { stepMs, fromMs, toMs: untilMs };
    const [ofServers, ofMachine, known, alerts] = await Promise.all([
      journal.readMetrics(asked),
      journal.readMetrics({ ...asked, subject: machineSubject }),
      standings(),
      eventsSince(journal, { kind: 'alert.fired', sinceMs: fromMs }, alertPagesMax),
    ]);
    return buildReport({
      ...{ fromMs, toMs: untilMs, stepMs, nowMs, timeZone, fleet: fleet.name },
      alertEvents: alerts.events,
      history: {
        samples: [...ofServers.samples, ...ofMachine.samples],
        calls: ofServers.calls,
      },
      servers: fleet.servers.map(({ name, slo }) => ({
        server: name,
        availability: known.availability(name, fromMs, untilMs),
        deaths: known.deaths(name, fromMs, untilMs).length,
        objectivePercent: slo.availabilityPercent,
      })),
      specs: fleet.servers.map(adviceSpec),
      sessionsMax: fleet.sessions.max,
    });
  }

  function lately(rangeMs: number): Promise<Report> {
    const nowMs = clock.nowMs();
    return make({ nowMs, fromMs: nowMs - rangeMs, toMs: nowMs, timeZone: machineZone() });
  }

  return {
    async 'report.performance'({ rangeMs, language }) {
      const report = await lately(rangeMs);
      if (language === undefined) return report;
      return { ...report, document: documentOf(report, wordsOf(language)) };
    },
    async 'report.create'({ period, which, timeZone = machineZone(), language }) {
      const nowMs = clock.nowMs();
      const { name, fromMs, toMs } = rangeOf({ period, which, timeZone, nowMs });
      const report = await make({ nowMs, fromMs, toMs, timeZone });
      await shelf.keep(name, report, language);
      return { name, report };
    },
    async 'report.list'() {
      return { folder: shelf.folder, reports: [...(await shelf.list())] };
    },
    async 'report.read'({ report: name, format, language }) {
      const report = await shelf.read(name);
      if (report === undefined) {
        throw new Problem('report_not_found', `There is no report "${name}"`);
      }
      if (format === 'json') return { name, text: JSON.stringify(report) };
      if (format === 'document') {
        return { name, text: JSON.stringify(documentOf(report, wordsOf(language))) };
      }
      return { name, text: (format === 'html' ? htmlOf : markdownOf)(report, language) };
    },
    async 'advice.capacity'({ rangeMs }) {
      const toMs = clock.nowMs();
      const { fleet } = daemon.currentFleet();
      const subjects = [machineSubject, ...fleet.servers.map(({ name }) => name)];
      const asked = { stepMs: 3_600_000, fromMs: toMs - rangeMs, toMs };
      const samples: StoredRollups[] = [];
      // One after the other: each is at most 400 days of hours, and the store has one thread.
      for (const subject of subjects) {
        samples.push(...(await journal.readMetrics({ ...asked, subject })).samples);
      }
      const running = supervisor.views().filter(({ pid }) => pid !== undefined);
      return planCapacity({
        ...{ fromMs: asked.fromMs, toMs, totalMemoryBytes: totalmem() },
        sessionsMax: fleet.sessions.max,
        history: { samples, calls: [] },
        servers: fleet.servers.map(({ name, kind }) => ({
          ...{ server: name, instances: running.filter(({ server }) => server === name).length },
          canGrow: kind !== 'remote',
        })),
      });
    },
    async 'advice.list'({ rangeMs }) {
      const { fromMs, toMs, advice } = await lately(rangeMs);
      const sentences = { en: wordsOf('en'), ja: wordsOf('ja') };
      return {
        ...{ fromMs, toMs },
        advice: advice.map((one) => ({
          ...one,
          sentence: { en: adviceText(one, sentences.en), ja: adviceText(one, sentences.ja) },
        })),
      };
    },
  };
}

function rangeOf(asked: Parameters<typeof calendarRange>[0]): ReturnType<typeof calendarRange> {
  try {
    return calendarRange(asked);
  } catch (cause) {
    const told = `Cannot make the report: found time zone ${JSON.stringify(asked.timeZone)}, needed one such as Europe/Berlin`;
    throw new Problem('bad_request', told, { cause });
  }
}

function adviceSpec(spec: ServerSpec): AdviceSpec {
  const { name, kind, pool, resources } = spec;
  const isOne = pool.min <= 1 && pool.max === undefined;
  return {
    ...{ server: name, canSleep: kind === 'stdio' || kind === 'http' },
    ...{ poolMin: pool.min, poolMax: pool.max, canGrow: whyOnlyOne(spec) === undefined },
    memoryLimitBytes: isOne ? resources.memoryBytes : undefined,
  };
}

function machineZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
