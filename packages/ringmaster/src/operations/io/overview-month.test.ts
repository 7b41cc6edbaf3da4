import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openJournal } from '../../journal/io/journal.ts';
import { createStandingsKeeper } from '../../journal/io/standings-keeper.ts';
import type { Journal } from '../../journal/journal.ts';
import { machineSubject } from '../../journal/metrics.ts';
import { finestStepMs } from '../../journal/rollups.ts';
import type { InstanceView } from '../../supervisor/instance.ts';
import { buildOverview, recentMs } from '../overview.ts';
import { serverRows } from '../server-rows.ts';
import { sparkMs } from '../sparks.ts';
import { createLastHour } from './last-hour.ts';

const dayMs = 86_400_000;
const days = 30;
const nowMs = 1_700_000_000_000;
const servers = Array.from({ length: 50 }, (_, index) => `server-${index}`);
/** Budget of the dashboard's first page: one answer of at most 80 kB, gzip. */
const answerMaxBytes = 80_000;
/** Of every server, each time at another hour and minute. */
const deathsPerDay = 8;
const apartMs = dayMs / deathsPerDay;
const rounds = days * deathsPerDay;
/** When a server starts in a round: like chance, but the same in each run. */
function startedAtMs(firstMs: number, round: number, index: number): number {
  return (
    firstMs + round * apartMs + (((round + 1) * 7_919_333 + index * 104_729_777) % (apartMs * 0.9))
  );
}

test('thirty days of fifty servers that die eight times a day are one small answer, read in pages once and from memory afterwards', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-month-'));
  const time = { nowMs: nowMs - days * dayMs };
  const clock = {
    nowMs: () => time.nowMs,
    tickMs: () => performance.now(),
    after(delayMs: number, then: () => void) {
      const timer = setTimeout(then, delayMs);
      return () => clearTimeout(timer);
    },
  };
  const path = join(folder, 'journal.db');
  const journal = await openJournal({ path, clock, keepMs: 1e13, maxEvents: 1_000_000 });
  context.after(async () => {
    await journal.close();
    rmSync(folder, { recursive: true });
  });
  await liveThrough(journal, time);

  const work = { lists: 0, events: 0, stretches: 0 };
  const counted: Pick<Journal, 'list' | 'follow' | 'readMetrics'> = {
    follow: journal.follow,
    async list(query) {
      const events = await journal.list(query);
      work.lists += 1;
      work.events += events.length;
      return events;
    },
    async readMetrics(query) {
      const history = await journal.readMetrics(query);
      work.stretches += history.samples.length + history.calls.length;
      return history;
    },
  };
  const standings = createStandingsKeeper({ journal: counted, clock });
  const readLastHour = createLastHour({ journal: counted, clock });
  const answer = async (rangeMs: number) => {
    const recentRange = { stepMs: finestStepMs, fromMs: nowMs - recentMs, toMs: nowMs };
    return buildOverview({
      ...{ nowMs, rangeMs, rows: rows(), standings: await standings() },
      hour: await readLastHour(),
      recent: await counted.readMetrics({ ...recentRange, metric: 'calls' }),
      alerts: [],
    });
  };

  for (const rangeMs of [dayMs / 4, days * dayMs]) {
    const built = await answer(rangeMs);
    const sizeBytes = gzipSync(JSON.stringify(built)).length;
    assert.ok(sizeBytes <= answerMaxBytes, `${sizeBytes} bytes for ${rangeMs / dayMs} days`);
    assert.equal(built.servers.length, servers.length);
    for (const { server, lane, deaths, cpu, availability } of built.servers) {
      assert.ok(cpu.length === 60 && availability.knownMs > 29 * dayMs);
      const steps = lane.reduce((sum, [, count]) => sum + count, 0);
      assert.equal(steps, Math.round((nowMs - built.fromMs) / built.stepMs));
      const told = deaths.reduce((sum, [, count]) => sum + count, 0);
      const known = (await standings()).deaths(server, built.fromMs, nowMs).length;
      assert.ok(told === known && (rangeMs < dayMs || told > (days - 1) * deathsPerDay), server);
    }
  }
  const events = servers.length * rounds * 3;
  assert.ok(work.events <= events + 10, `${work.events} events read of ${events}`);
  assert.ok(work.lists <= events / 1_000 + 3, `${work.lists} questions`);
  const before = { ...work };
  const known = await answer(days * dayMs);
  assert.deepEqual([work.lists, work.events], [before.lists, before.events]);
  const perAnswer = work.stretches - before.stretches;
  assert.ok(perAnswer < servers.length * 15, `${perAnswer} stretches an answer`);
  const readAnew = buildOverview({
    ...{ nowMs, rangeMs: days * dayMs, rows: rows(), standings: await standings() },
    hour: await createLastHour({ journal, clock })(),
    ...{ recent: { samples: [], calls: [] }, alerts: [] },
  });
  const ofHour = ({ servers: all, machine }: typeof known) => [
    machine,
    all.map(({ cpu, memory, recent }) => [cpu, memory, recent.hour]),
  ];
  assert.deepEqual(ofHour(known), ofHour(readAnew));
});

/** What the journal is told in these days: each server dies again and again, is called, and is measured. */
async function liveThrough(journal: Journal, time: { nowMs: number }): Promise<void> {
  const firstMs = time.nowMs;
  for (let round = 0; round < rounds; round += 1) {
    time.nowMs = firstMs + round * apartMs;
    for (const [index, subject] of servers.entries()) {
      const life = { index: 0, generation: round + 1, subject };
      const atMs = startedAtMs(firstMs, round, index);
      const why = 'exited with code 1';
      journal.append({ ...life, atMs, kind: 'instance.starting', isRestart: round > 0, why });
      journal.append({ ...life, atMs: atMs + 2_000, kind: 'instance.ready', tookMs: 2_000 });
      const died = { exit: 'exited', expected: false, lastLines: ['bye'], next: 'restart' };
      if (round + 1 < rounds) {
        const diedAtMs =
          startedAtMs(firstMs, round + 1, index) - 1_000 * ((round + index) % 60) - 1_000;
        journal.append({ ...life, ...died, atMs: diedAtMs, kind: 'instance.died', why });
      }
    }
    await journal.flush();
  }
  for (time.nowMs = nowMs - sparkMs; time.nowMs < nowMs; time.nowMs += 60_000) {
    const atMs = time.nowMs;
    const [cpuPercent, memoryBytes] = [(atMs / 60_000) % 7, 1e8 + (atMs % 1e6)];
    journal.record(
      servers.map((subject) => ({ atMs, subject, values: { cpuPercent, memoryBytes } })),
    );
    journal.record([
      { atMs, subject: machineSubject, values: { cpuPercent, memoryUsedBytes: 1e9 } },
    ]);
    for (const subject of servers) {
      const call = { method: 'tools/call', outcome: 'ok', tookMs: 5 } as const;
      journal.append({ ...call, atMs, kind: 'call.finished', subject, name: 'read' });
    }
    await journal.flush();
  }
  time.nowMs = nowMs;
}

function rows() {
  return serverRows(servers.map(ready), {
    nowMs,
    totals: () => ({ calls: 60, failedCalls: 0, restarts: 240, deaths: 240 }),
    inFlight: () => 0,
    upstream: () => ({
      ...{ era: 'legacy', protocolVersion: '2025-11-25', tools: 5, refuses: undefined },
    }),
    pool: () => ({ mode: 'auto', min: 1, max: 1, leased: 0 }),
    signIn: () => undefined,
    spec: () => ({ description: 'Reads files', health: {} }),
  });
}

function ready(server: string): InstanceView {
  return {
    ...{ server, index: 0, kind: 'stdio', wanted: 'running', state: 'ready', generation: 240 },
    ...{ why: 'handshake done', sinceMs: nowMs - 1_000, pid: 42, adopted: false, restarts: 240 },
    ...{ port: undefined, url: undefined, startedAtMs: nowMs - 3_000, lastDeath: undefined },
    ...{ nextTryAtMs: undefined, memoryBytes: 1e8, cpuPercent: 2, processCount: 1 },
  };
}
