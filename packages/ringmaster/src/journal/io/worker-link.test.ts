import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../clock.ts';
import type { NewEvent } from '../events.ts';
import { startWorkerLink } from './worker-link.ts';

const clock: Clock = {
  nowMs: () => Date.now(),
  tickMs: () => performance.now(),
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs);
    return () => clearTimeout(timer);
  },
};

/** What runs in the first thread before the real one is loaded there; `port` is its end of the line. */
const endings = {
  'before it writes': `port.on('message', (order) => {
    if (order.kind === 'write' && order.number === 2) process.exit(1);
  });`,
  'after it wrote, before it can say so': `const post = port.postMessage.bind(port);
  port.postMessage = (report) => {
    if (report.kind === 'committed' && report.number === 2) process.exit(1);
    post(report);
  };`,
  'before it lists': `port.on('message', (order) => {
    if (order.kind === 'list') process.exit(1);
  });`,
} as const;

async function linkThatEnds(context: TestContext, ending: keyof typeof endings) {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-link-'));
  const url = new URL('./journal-worker.js', import.meta.url);
  const firstThread = `const port = require('node:worker_threads').parentPort;
    ${endings[ending]}
    import(${JSON.stringify(url)});`;
  const reports: string[] = [];
  let startCount = 0;
  const link = await startWorkerLink({
    path: join(folder, 'journal.db'),
    clock,
    report: (sentence) => void reports.push(sentence),
    startWorker(path) {
      startCount += 1;
      const workerData = { path };
      if (startCount > 1) return new Worker(url, { workerData });
      return new Worker(firstThread, { eval: true, workerData });
    },
  });
  context.after(async () => {
    await link.close();
    rmSync(folder, { recursive: true });
  });
  return { link, reports, startCount: () => startCount };
}

const batch = (atMs: number) => {
  const event: NewEvent = { atMs, kind: 'daemon.stopped', subject: 'daemon', why: 'asked' };
  return { events: [event], facts: [], uncounted: [], samples: [] };
};

for (const ending of ['before it writes', 'after it wrote, before it can say so'] as const) {
  test(`a thread that ends ${ending} is replaced, and the batch is written once`, async (context) => {
    const { link, reports, startCount } = await linkThatEnds(context, ending);
    await link.write(batch(1));
    await link.write(batch(2));
    assert.equal(startCount(), 2);
    await link.write(batch(3));
    const events = await link.list({ limit: 10 });
    assert.deepEqual(
      events.map((event) => [event.seq, event.atMs]),
      [
        [3, 3],
        [2, 2],
        [1, 1],
      ],
    );
    assert.match(reports.join('\n'), /^The thread that writes the journal .* is started again/);
  });
}

test('a list that its thread cannot answer any more is told so', async (context) => {
  const { link } = await linkThatEnds(context, 'before it lists');
  const lost = { code: 'bug', message: /^Cannot read the journal .*: it ended$/ };
  await assert.rejects(link.list({ limit: 1 }), lost);
  const later = { code: 'journal_unusable', message: /^Cannot read the journal .* just now$/ };
  await assert.rejects(link.list({ limit: 1 }), later);
});
