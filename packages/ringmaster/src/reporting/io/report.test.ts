import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Clock } from '../../clock.ts';
import type { NewEvent } from '../../journal/events.ts';
import { openJournal } from '../../journal/io/journal.ts';
import { createStandingsKeeper } from '../../journal/io/standings-keeper.ts';
import { type MetricSample, machineSubject } from '../../journal/metrics.ts';
import { markdownOf } from '../markdown.ts';
import { calendarRange } from '../period.ts';
import { buildReport, type Report } from '../report.ts';
import { createShelf } from './shelf.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const timeZone = 'Europe/Berlin';
/** The Wednesday after the week in which Berlin's clocks go back. */
const nowMs = Date.parse('2026-10-28T09:00:00Z');
const week = calendarRange({ period: 'weekly', nowMs, timeZone, which: 'last' });

const clock: Clock = {
  nowMs: () => nowMs,
  tickMs: () => performance.now(),
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs);
    return () => clearTimeout(timer);
  },
};

function newFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-report-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A week and a bit: a server that dies once over midnight, and a daemon that is away for two hours. */
function eventsOfWeek(): NewEvent[] {
  const { fromMs, toMs } = week;
  const of = (atMs: number, kind: string, more: object = {}): NewEvent =>
    ({ atMs, kind, subject: 'files', index: 0, generation: 1, ...more }) as NewEvent;
  const started = (atMs: number): NewEvent => ({
    ...{ atMs, kind: 'daemon.started', subject: 'daemon' },
    ...{ pid: 1, version: '1', life: 1, port: 1 },
  });
  const midnightMs = fromMs + 48 * hourMs;
  const events = [
    started(fromMs - hourMs),
    of(fromMs - hourMs + 5, 'instance.ready', { tookMs: 5 }),
    of(midnightMs - 10 * minuteMs, 'instance.died', {
      ...{ exit: 'exit code 1', expected: false, why: 'crash', lastLines: [], next: 'restart' },
    }),
    of(midnightMs + 20 * minuteMs, 'instance.ready', { tookMs: 5 }),
    {
      ...{ atMs: fromMs + 72 * hourMs, kind: 'daemon.stopped', subject: 'daemon', why: 'asked' },
    } as NewEvent,
    started(fromMs + 74 * hourMs),
    of(fromMs + 74 * hourMs, 'instance.adopted', { pid: 5 }),
  ];
  for (const atMs of [fromMs - 1, fromMs, midnightMs, toMs - 1, toMs]) {
    const alert = { key: 'down files', rule: 'down', severity: 'critical' };
    events.push({ atMs, kind: 'alert.fired', subject: 'files', ...alert });
  }
  for (let call = 0; fromMs + call * hourMs < toMs + 5 * hourMs; call += 1) {
    const outcome = call % 10 === 0 ? 'error' : 'ok';
    const [atMs, tookMs] = [fromMs - hourMs + call * hourMs + 1, 10 + (call % 7)];
    events.push({ atMs, kind: 'call.finished', subject: 'files', method: 'x', outcome, tookMs });
  }
  return events.sort((one, other) => one.atMs - other.atMs);
}

function samplesOfWeek(): MetricSample[] {
  const samples: MetricSample[] = [];
  for (let atMs = week.fromMs - hourMs; atMs < week.toMs + hourMs; atMs += 10 * minuteMs) {
    const nth = samples.length;
    samples.push({
      atMs,
      subject: 'files',
      values: { memoryBytes: 1e8 + nth, cpuPercent: nth % 5 },
    });
    samples.push({ atMs, subject: machineSubject, values: { cpuPercent: 90, diskPercent: 40 } });
  }
  return samples;
}

async function reportOfWeek(context: TestContext) {
  const folder = newFolder(context);
  const path = join(folder, 'journal.db');
  const journal = await openJournal({ path, clock, keepMs: 1e13, maxEvents: 1_000_000 });
  context.after(() => journal.close());
  const [events, samples] = [eventsOfWeek(), samplesOfWeek()];
  for (const event of events) journal.append(event);
  journal.record(samples);
  const standings = await createStandingsKeeper({ journal, clock })();
  const { fromMs, toMs } = week;
  const asked = { stepMs: hourMs, fromMs, toMs };
  const servers = await journal.readMetrics(asked);
  const machine = await journal.readMetrics({ ...asked, subject: machineSubject });
  const report = buildReport({
    ...{ fromMs, toMs, stepMs: hourMs, nowMs, timeZone, fleet: 'circus' },
    history: { samples: [...servers.samples, ...machine.samples], calls: servers.calls },
    alertEvents: await journal.list({ kind: 'alert.fired', limit: 1_000 }),
    servers: [
      {
        server: 'files',
        availability: standings.availability('files', fromMs, toMs),
        deaths: standings.deaths('files', fromMs, toMs).length,
        objectivePercent: 99.5,
      },
    ],
    sessionsMax: 15,
    specs: [
      {
        server: 'files',
        canSleep: true,
        poolMin: 1,
        poolMax: undefined,
        canGrow: true,
        memoryLimitBytes: undefined,
      },
    ],
  });
  return { report, events, samples, folder };
}

test('the figures of a week with a change of clocks are those of its raw events and samples', async (context) => {
  const { report, events, samples } = await reportOfWeek(context);
  const isWithin = ({ atMs }: { atMs: number }) => atMs >= week.fromMs && atMs < week.toMs;
  assert.equal((report.toMs - report.fromMs) / hourMs, 169);
  const [server] = report.servers;
  assert.ok(server);
  const calls = events.filter(isWithin).filter((event) => event.kind === 'call.finished');
  assert.ok(calls.length > 150);
  assert.equal(server.calls.calls, calls.length);
  assert.equal(server.calls.failed, calls.filter(({ outcome }) => outcome !== 'ok').length);
  const took = calls.map(({ tookMs }) => tookMs).sort((one, other) => one - other);
  assert.equal(server.calls.maxMs, took.at(-1));
  const exact = took[Math.ceil(took.length * 0.95) - 1] ?? 0;
  assert.ok(Math.abs((server.calls.p95Ms ?? 0) - exact) <= exact * 0.021);
  const memory = samples
    .filter(isWithin)
    .flatMap(({ subject, values }) => (subject === 'files' ? (values.memoryBytes ?? []) : []));
  assert.equal(server.memoryBytes?.samples, memory.length);
  assert.equal(server.memoryBytes?.max, Math.max(...memory));
  const mean = memory.reduce((sum, value) => sum + value, 0) / memory.length;
  assert.ok(Math.abs((server.memoryBytes?.mean ?? 0) - mean) < 1e-3);
  assert.equal(server.deaths, 1);
  assert.deepEqual(report.alerts, [{ rule: 'down', subject: 'files', fired: 3 }]);
  assert.equal(server.budget.downMs, 30 * minuteMs);
  assert.equal(server.budget.unknownMs, 2 * hourMs);
  assert.equal(server.budget.upMs, 169 * hourMs - 2 * hourMs - 30 * minuteMs);
  assert.equal(server.budget.allowedMs, Math.round(167 * hourMs * 0.005));
  assert.equal(server.budget.state, 'met');
  assert.deepEqual(
    report.advice.map(({ kind }) => kind),
    ['oftenFailing', 'machineBusy'],
  );
});

test('a report is kept in three forms and read again in either language', async (context) => {
  const { report, folder } = await reportOfWeek(context);
  const shelf = createShelf(join(folder, 'reports'));
  assert.deepEqual(await shelf.list(), []);
  await shelf.keep(week.name, report, 'ja');
  assert.deepEqual(readdirSync(shelf.folder).sort(), [
    `${week.name}.html`,
    `${week.name}.json`,
    `${week.name}.md`,
  ]);
  assert.deepEqual(await shelf.read(week.name), report);
  const html = readFileSync(join(shelf.folder, `${week.name}.html`), 'utf8');
  assert.match(html, /<html lang="ja">.*稼働率.*<path d="M0\.0 /s);
  assert.doesNotMatch(html, /https?:|<script|src=/);
  const markdown = readFileSync(join(shelf.folder, `${week.name}.md`), 'utf8');
  assert.match(markdown, /^# .*circus\n/);
  assert.match(markdown, /2026-10-19 00:00 から 2026-10-26 00:00 まで/);
});

test('the oldest reports of a period go first, and names of other files are never read', async (context) => {
  const { report, folder } = await reportOfWeek(context);
  const shelf = createShelf(join(folder, 'reports'));
  await shelf.keep('monthly-2020-01', report, 'en');
  for (let day = 1; day <= 92; day += 1) {
    const date = new Date(Date.UTC(2025, 0, day)).toISOString().slice(0, 10);
    writeFileSync(join(shelf.folder, `daily-${date}.json`), '{}');
  }
  await shelf.keep('daily-2026-11-20', report, 'en');
  assert.ok(!existsSync(join(shelf.folder, 'daily-2025-01-01.json')));
  const kept = await shelf.list();
  assert.equal(kept.length, 93);
  assert.equal(await shelf.read('../journal'), undefined);
  assert.equal(await shelf.read('daily-2025-01-02'), undefined, 'a damaged report was shown');
});

test('a report whose figures begin late says from when on it speaks', () => {
  const once = { count: 1, sum: 5, min: 5, max: 5, last: 5 };
  const at = (hour: number) => ({
    ...{ subject: machineSubject, atMs: hour * hourMs, rollups: { cpuPercent: once } },
  });
  const make = (first: number) =>
    buildReport({
      ...{ fromMs: 0, toMs: 31 * 24 * hourMs, stepMs: hourMs, nowMs: 31 * 24 * hourMs },
      ...{ timeZone: 'UTC', fleet: 'circus', alertEvents: [], servers: [], specs: [] },
      sessionsMax: 15,
      history: { samples: [at(first), at(first + 1)], calls: [] },
    });
  assert.match(markdownOf(make(30), 'en'), /begin at 1970-01-02 06:00/);
  assert.match(markdownOf(make(30), 'ja'), /1970-01-02 06:00 からです/);
  assert.doesNotMatch(markdownOf(make(0), 'en'), /begin at/);
});

test('a month of 31 days is known whole on the morning after', async (context) => {
  const path = join(newFolder(context), 'journal.db');
  const journal = await openJournal({ path, clock, keepMs: 1e13, maxEvents: 1_000 });
  context.after(() => journal.close());
  const month = calendarRange({
    ...{ period: 'monthly', timeZone, which: 'last' },
    nowMs: Date.parse('2026-11-01T08:00:00Z'),
  });
  const { fromMs, toMs } = month;
  assert.equal((toMs - fromMs) / hourMs, 31 * 24 + 1, 'with the hour that comes twice');
  const started = { kind: 'daemon.started', subject: 'daemon', pid: 1, version: '1', life: 1 };
  journal.append({ ...started, port: 1, atMs: fromMs } as NewEvent);
  const ready = { kind: 'instance.ready', subject: 'files', index: 0, generation: 1, tookMs: 5 };
  journal.append({ ...ready, atMs: fromMs } as NewEvent);
  const morning = { nowMs: () => toMs + 9 * hourMs };
  const standings = await createStandingsKeeper({ journal, clock: morning })();
  const { upMs, unknownMs } = standings.availability('files', fromMs, toMs);
  assert.deepEqual([upMs, unknownMs], [toMs - fromMs, 0]);
});

test('without figures a report says that nothing is known, and that this is too little for advice', () => {
  const empty: Report = buildReport({
    ...{ fromMs: 0, toMs: hourMs, stepMs: minuteMs, nowMs: hourMs, timeZone, fleet: 'circus' },
    history: { samples: [], calls: [] },
    alertEvents: [],
    servers: [
      {
        ...{ server: 'files', deaths: 0, objectivePercent: 99.5 },
        availability: { upMs: 0, downMs: 0, unwantedMs: 0, unknownMs: 0 },
      },
    ],
    sessionsMax: 15,
    specs: [
      {
        server: 'files',
        canSleep: true,
        poolMin: 1,
        poolMax: 1,
        canGrow: true,
        memoryLimitBytes: undefined,
      },
    ],
  });
  assert.match(markdownOf(empty, 'en'), /No figures of this time are stored\./);
  assert.ok(empty.indicators.every(({ level }) => level === 'unknown'));
  assert.equal(empty.servers[0]?.budget.state, 'unknown');
  assert.deepEqual(
    empty.advice.map(({ kind, values }) => [kind, values['knownMs']]),
    [['tooLittle', 0]],
  );
});
