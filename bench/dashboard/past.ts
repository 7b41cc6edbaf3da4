/** A past of a fleet, written through the journal's own writer: nothing in it was copied from a real one. */
import { inRoot } from '../processes.ts';

type JournalModule = typeof import('../../packages/ringmaster/src/journal/io/journal.ts');
type Journal = Awaited<ReturnType<JournalModule['openJournal']>>;

/** How much happened. */
export interface Past {
  readonly servers: readonly string[];
  readonly days: number;
  readonly deathsPerDay: number;
}

/** How much that came to. */
export interface Written {
  readonly events: number;
  readonly calls: number;
  readonly samples: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** A server is called so often; a tenth of the calls fails or is late. */
const callEveryMs = 15 * minuteMs;
/** How often a server is measured: coarser the longer ago, as the journal keeps it (`rollupSteps`), but not as long. */
const grains = [
  { fromMs: 2 * hourMs, toMs: 0, everyMs: 10_000 },
  { fromMs: 2 * dayMs, toMs: 2 * hourMs, everyMs: minuteMs },
  { fromMs: Number.POSITIVE_INFINITY, toMs: 2 * dayMs, everyMs: hourMs },
] as const;
/** Appended before the journal is waited for; it drops events beyond 50 000 that wait. */
const chunkEvents = 10_000;
/** Stretches recorded before it is waited for; beyond 20 000 it drops the oldest. */
const chunkSamples = 10_000;

/** Writes what happened in the days before now into a new journal. */
export async function writePast(path: string, past: Past): Promise<Written> {
  const module = inRoot('packages/ringmaster/dist/journal/io/journal.js');
  const { openJournal } = (await import(module)) as JournalModule;
  const clock = {
    ...{ nowMs: Date.now, tickMs: () => performance.now() },
    after(delayMs: number, then: () => void) {
      const timer = setTimeout(then, delayMs);
      return () => clearTimeout(timer);
    },
  };
  const journal = await openJournal({
    ...{ path, clock, keepMs: 100 * dayMs, maxEvents: 10_000_000 },
    maxStretches: 2_000_000,
  });
  const nowMs = Date.now();
  const events = await writeLives(journal, past, nowMs);
  const calls = await writeCalls(journal, past, nowMs);
  const samples = await writeSamples(journal, past, nowMs);
  await journal.flush();
  await journal.close();
  return { events, calls, samples };
}

/** Starts, deaths and the alerts that follow, each server at another minute of the day. */
async function writeLives(journal: Journal, past: Past, nowMs: number): Promise<number> {
  const { servers, days, deathsPerDay } = past;
  const apartMs = dayMs / deathsPerDay;
  const rounds = days * deathsPerDay;
  const firstMs = nowMs - days * dayMs;
  let count = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, subject] of servers.entries()) {
      // Somewhere in the first nine tenths, so that no life begins before the one before it has ended.
      const offsetMs = ((round + 1) * 7_919_333 + at * 104_729_777) % (apartMs * 0.9);
      const atMs = firstMs + round * apartMs + offsetMs;
      const life = { index: 0, generation: round + 1, subject };
      const why = 'exited with code 1';
      const lastLines = Array.from({ length: 20 }, (_, line) => `line ${line} before the end`);
      const alert = { key: `down ${subject}`, rule: 'down', severity: 'high', subject };
      if (round > 0)
        journal.append({
          ...life,
          ...{ atMs, kind: 'instance.died', pid: 100_000 + round, generation: round, code: 1 },
          ...{ exit: 'code 1', expected: false, why, lastLines, next: 'restart in 1 s' },
        });
      const isRestart = round > 0;
      journal.append({ ...life, atMs: atMs + 1_000, kind: 'instance.starting', isRestart, why });
      journal.append({ ...life, atMs: atMs + 3_000, kind: 'instance.ready', tookMs: 2_000 });
      if (round % deathsPerDay === 1) {
        const firedAtMs = atMs + 1_500;
        journal.append({ ...alert, atMs: firedAtMs, kind: 'alert.fired', why });
        journal.append({ ...alert, atMs: atMs + 600_000, kind: 'alert.resolved', firedAtMs });
      }
      count += 3 + (round % deathsPerDay === 1 ? 2 : 0);
    }
    await journal.flush();
  }
  return count;
}

async function writeCalls(journal: Journal, past: Past, nowMs: number): Promise<number> {
  const outcomes = ['error', 'late', 'lost', 'denied'] as const;
  const perServer = (past.days * dayMs) / callEveryMs;
  let count = 0;
  for (let at = 0; at < perServer; at += 1) {
    const atMs = nowMs - past.days * dayMs + at * callEveryMs;
    for (const [index, subject] of past.servers.entries()) {
      const isBad = (at + index) % 10 === 0;
      const outcome = isBad ? (outcomes[(at + index) % outcomes.length] ?? 'error') : 'ok';
      const tookMs = 5 + ((at * 31 + index * 17) % 200) * (isBad ? 20 : 1);
      const name = `tool_${(at + index) % 7}`;
      const asked = { method: 'tools/call', name, session: `session-${at % 9}`, client: 'bench' };
      const why = isBad ? { why: 'the server said no' } : {};
      journal.append({
        ...{ ...asked, ...why, atMs: atMs + index * 1_000, subject, outcome, tookMs },
        kind: 'call.finished',
      });
      count += 1;
      if (count % chunkEvents === 0) await journal.flush();
    }
  }
  return count;
}

async function writeSamples(journal: Journal, past: Past, nowMs: number): Promise<number> {
  let count = 0;
  let waiting = 0;
  for (const { fromMs, toMs, everyMs } of grains) {
    const beginMs = nowMs - Math.min(fromMs, past.days * dayMs);
    for (let atMs = beginMs; atMs < nowMs - toMs; atMs += everyMs) {
      const swing = Math.sin((atMs / dayMs) * 2 * Math.PI);
      const machine = {
        ...{ cpuPercent: 40 + 30 * swing, memoryUsedBytes: 8e9 + 2e9 * swing, memoryPercent: 50 },
        ...{ diskUsedBytes: 1e11, diskPercent: 60, load: 2 + swing, connections: 120 },
        ...{ processCount: 300, sessions: 12, swapUsedBytes: 0 },
      };
      journal.record([
        { atMs, subject: '', values: machine },
        ...past.servers.map((subject, index) => ({
          ...{ atMs, subject },
          values: {
            ...{ cpuPercent: 5 + index + 4 * swing, memoryBytes: 1e8 + index * 1e6 + 1e7 * swing },
            ...{ threads: 11, openFiles: 40, processCount: 1, restarts: 3 },
          },
        })),
      ]);
      count += past.servers.length + 1;
      waiting += past.servers.length + 1;
      if (waiting > chunkSamples) {
        await journal.flush();
        waiting = 0;
      }
    }
  }
  return count;
}
