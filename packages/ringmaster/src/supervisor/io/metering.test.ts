import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MetricSample, machineMetrics, machineSubject } from '../../journal/metrics.ts';
import type { InstanceView } from '../instance.ts';
import { createMetering } from './metering.ts';
import type { Sample } from './sampler.ts';

const view = (server: string, pid: number | undefined, restarts = 0): InstanceView => ({
  ...{ server, index: 0, kind: 'stdio', wanted: 'running', state: 'ready', why: 'as told' },
  ...{ sinceMs: 0, generation: 1, pid, port: undefined, url: undefined, startedAtMs: 1_000 },
  ...{ adopted: false, restarts, lastDeath: undefined, nextTryAtMs: undefined },
  ...{ memoryBytes: undefined, cpuPercent: undefined, processCount: undefined },
});

const tree = (atTickMs: number, cpuTicks: number): Sample => ({
  ...{ atTickMs, cpuTicks, cpuPercent: undefined, memoryBytes: 1_000, processCount: 2 },
  ...{ threads: 3, pids: [] },
});

/** Metering whose time is turned by hand, over trees the test declares. */
function setUp() {
  const time = { nowMs: 60_005 };
  const plans: { readonly atMs: number; readonly then: () => void }[] = [];
  const recorded: MetricSample[] = [];
  const asked: (readonly number[])[] = [];
  const state = { views: [view('files', 10)], trees: new Map([[10, tree(0, 0)]]) };
  const metering = createMetering({
    clock: {
      nowMs: () => time.nowMs,
      tickMs: () => performance.now(),
      after(delayMs, then) {
        const plan = { atMs: time.nowMs + delayMs, then };
        plans.push(plan);
        return () => void plans.splice(plans.indexOf(plan), 1);
      },
    },
    dataDir: '/',
    sessions: () => 7,
    sampleAll: () => state.views,
    latestSample: (pid) => state.trees.get(pid),
    record: (samples) => recorded.push(...samples),
    async pssBytesOf(pids) {
      asked.push(pids);
      return pids.length * 1_000;
    },
  });
  const next = () => {
    const plan = plans.shift();
    assert.ok(plan, 'nothing is planned');
    time.nowMs = plan.atMs;
    plan.then();
  };
  return { metering, recorded, asked, state, time, plans, next };
}

test('a server is sampled at once, and its CPU share from the second time on', (context) => {
  const { metering, recorded, state, next } = setUp();
  context.after(metering.stop);
  metering.setSampleMs(30_000);
  state.trees = new Map([[10, tree(30_000, 1_500)]]);
  next();
  const files = recorded.filter(({ subject }) => subject === 'files');
  assert.deepEqual(
    files.map(({ atMs, values }) => [atMs, values.cpuPercent, values.memoryBytes]),
    [
      [60_005, undefined, 1_000],
      [90_005, 50, 1_000],
    ],
  );
  assert.equal(files[1]?.values.uptimeMs, 89_005);
});

test('all instances of a server are one sample; a server without a process has none', (context) => {
  const { metering, recorded, state, next } = setUp();
  context.after(metering.stop);
  state.views = [view('files', 10, 1), view('files', 11, 2), view('far', undefined)];
  state.trees = new Map([10, 11].map((pid) => [pid, tree(0, 0)]));
  metering.setSampleMs(1_000);
  state.trees = new Map([10, 11].map((pid) => [pid, tree(1_000, 20)]));
  next();
  const servers = recorded.filter(({ subject }) => subject !== machineSubject);
  assert.deepEqual(
    servers.map(({ subject, values }) => [subject, values.restarts, values.cpuPercent]),
    [
      ['files', 3, undefined],
      ['files', 3, 40],
    ],
  );
});

test('open files are counted every half minute, proportional memory every minute', async (context) => {
  const { metering, recorded, state, next } = setUp();
  context.after(metering.stop);
  state.trees = new Map([[10, { ...tree(0, 0), pids: [process.pid] }]]);
  metering.setSampleMs(10_000);
  for (let at = 0; at < 7; at += 1) {
    // What was asked for before stands in the sample that follows.
    await new Promise((done) => setImmediate(done));
    next();
  }
  const files = recorded.filter(({ subject }) => subject === 'files');
  const had = (name: 'openFiles' | 'pssBytes') =>
    files.map(({ values }) => (values[name] === undefined ? '-' : 'x')).join('');
  assert.equal(had('openFiles'), 'x--x--x-');
  assert.equal(had('pssBytes'), '-x-----x');
});

test('proportional memory is read again only of a tree that changed', async (context) => {
  const { metering, recorded, state, next, asked } = setUp();
  context.after(metering.stop);
  const looks = [
    { memoryBytes: 32_000_000, pids: [10] },
    { memoryBytes: 32_900_000, pids: [10] },
    { memoryBytes: 33_100_000, pids: [10] },
    { memoryBytes: 33_100_000, pids: [10, 11] },
  ];
  metering.setSampleMs(60_000);
  for (const look of looks) {
    await new Promise((done) => setImmediate(done));
    state.trees = new Map([[10, { ...tree(0, 0), ...look }]]);
    next();
  }
  await new Promise((done) => setImmediate(done));
  assert.deepEqual(asked, [[], [10], [10], [10, 11]]);
  next();
  const files = recorded.filter(({ subject }) => subject === 'files');
  assert.deepEqual(
    files.map(({ values }) => values.pssBytes),
    [undefined, 0, 1_000, 1_000, 1_000, 2_000],
  );
});

test('a new rhythm holds at once, and nothing is sampled after the end', () => {
  const { metering, recorded, plans } = setUp();
  metering.setSampleMs(600_000);
  metering.setSampleMs(1_000);
  assert.equal(plans.length, 1);
  assert.equal(recorded.filter(({ subject }) => subject === machineSubject).length, 2);
  metering.setSampleMs(1_000);
  assert.equal(recorded.filter(({ subject }) => subject === machineSubject).length, 2);
  metering.stop();
  assert.equal(plans.length, 0);
});

test('a clock that is set back neither stops the samples nor doubles their share', (context) => {
  const { metering, state, time, next } = setUp();
  context.after(metering.stop);
  metering.setSampleMs(1_000);
  time.nowMs -= 50_000;
  state.trees = new Map([[10, tree(1_000, 50)]]);
  next();
  time.nowMs -= 3_000_000;
  state.trees = new Map([[10, tree(2_000, 100)]]);
  next();
  assert.deepEqual(
    metering.recent('files', 10).map(({ values }) => values.cpuPercent),
    [undefined, 50, 50],
  );
});

test('the machine has every figure', { skip: process.platform !== 'linux' }, async (context) => {
  const { metering, next } = setUp();
  context.after(metering.stop);
  metering.setSampleMs(1_000);
  const names = () => Object.keys(metering.recent(machineSubject, 1)[0]?.values ?? {});
  const deadlineMs = Date.now() + 60_000;
  const wanted = Object.keys(machineMetrics).sort();
  while (names().length < wanted.length && Date.now() < deadlineMs) {
    await new Promise((done) => setTimeout(done, 20));
    next();
  }
  assert.deepEqual(names().sort(), wanted);
  const values = metering.recent(machineSubject, 1)[0]?.values ?? {};
  for (const name of ['cpuPercent', 'memoryPercent', 'diskPercent'] as const) {
    const percent = values[name] ?? -1;
    assert.ok(percent >= 0 && percent <= 100, `${name} ${percent}`);
  }
});
