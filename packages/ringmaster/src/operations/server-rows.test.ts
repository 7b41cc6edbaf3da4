import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstanceView } from '../supervisor/instance.ts';
import { nearestNames } from './nearest.ts';
import { type RowSources, serverRows } from './server-rows.ts';
import { serverView } from './servers.ts';

const ready: InstanceView = {
  server: 'files',
  index: 0,
  kind: 'stdio',
  wanted: 'running',
  state: 'ready',
  why: 'handshake done',
  sinceMs: 900,
  generation: 2,
  pid: 42,
  port: undefined,
  url: undefined,
  startedAtMs: 400,
  adopted: false,
  restarts: 1,
  lastDeath: undefined,
  nextTryAtMs: undefined,
  memoryBytes: 1_000,
  cpuPercent: 2,
  processCount: 1,
};
const death = (atMs: number) => ({
  atMs,
  exit: { kind: 'exited', code: 1 } as const,
  lastLines: ['bad'],
  why: 'crash',
});
const sources: RowSources = {
  nowMs: 1_000,
  totals: (server) =>
    server === 'files'
      ? { calls: 7, failedCalls: 2, restarts: 1, deaths: 1 }
      : { calls: 0, failedCalls: 0, restarts: 0, deaths: 0 },
  inFlight: (_server, index) => index + 1,
  upstream: (_server, index) =>
    index === 1
      ? undefined
      : { era: 'legacy', protocolVersion: '2025-11-25', tools: 5, refuses: undefined },
  pool: () => ({ mode: 'auto', min: 1, max: 8, leased: 0 }),
  signIn: () => undefined,
  spec: (server) => (server === 'files' ? { description: 'Reads files', health: {} } : undefined),
};

test('a row joins what supervisor, gateway and journal know', () => {
  const [row] = serverRows([ready], sources);
  assert.deepEqual(serverView.parse(row), {
    server: 'files',
    kind: 'stdio',
    wanted: 'running',
    state: 'ready',
    why: 'handshake done',
    sinceMs: 900,
    generation: 2,
    pid: 42,
    port: undefined,
    url: undefined,
    startedAtMs: 400,
    uptimeMs: 600,
    adopted: false,
    instances: 1,
    readyInstances: 1,
    pool: { mode: 'auto', min: 1, max: 8, leased: 0 },
    restarts: 1,
    lastDeath: undefined,
    nextTryAtMs: undefined,
    limits: [],
    memoryBytes: 1_000,
    cpuPercent: 2,
    processCount: 1,
    calls: 7,
    failedCalls: 2,
    inFlight: 1,
    tools: 5,
    protocolVersion: '2025-11-25',
    signIn: undefined,
    description: 'Reads files',
    docsUrl: undefined,
    features: [],
  });
});

test('a pool is one row: its worst instance tells the state, figures are added up', () => {
  const second = { ...ready, index: 1, pid: 43, state: 'waiting', lastDeath: death(700) } as const;
  const first = { ...ready, lastDeath: death(300), memoryBytes: undefined };
  const other = { ...ready, server: 'other' };
  const rows = serverRows([second, other, first], sources);
  assert.deepEqual(
    rows.map((row) => row.server),
    ['files', 'other'],
  );
  const { pid, state, restarts, memoryBytes, cpuPercent, inFlight, lastDeath } = rows[0] ?? {};
  assert.deepEqual(
    { pid, state, restarts, memoryBytes, cpuPercent, inFlight, diedAtMs: lastDeath?.atMs },
    {
      pid: 43,
      state: 'waiting',
      restarts: 1,
      memoryBytes: 1_000,
      cpuPercent: 4,
      inFlight: 3,
      diedAtMs: 700,
    },
  );
});

const uptimes = [
  { state: 'ready', startedAtMs: 400, uptimeMs: 600 },
  { state: 'starting', startedAtMs: 400, uptimeMs: 600 },
  { state: 'sick', startedAtMs: 400, uptimeMs: 600 },
  { state: 'stopping', startedAtMs: 400, uptimeMs: 600 },
  { state: 'ready', startedAtMs: 1_500, uptimeMs: 0 },
  { state: 'ready', startedAtMs: undefined, uptimeMs: undefined },
  { state: 'stopped', startedAtMs: 400, uptimeMs: undefined },
  { state: 'waiting', startedAtMs: 400, uptimeMs: undefined },
  { state: 'failed', startedAtMs: 400, uptimeMs: undefined },
] as const;
for (const { state, startedAtMs, uptimeMs } of uptimes) {
  test(`${state}, started at ${startedAtMs} → up for ${uptimeMs} ms`, () => {
    assert.equal(serverRows([{ ...ready, state, startedAtMs }], sources)[0]?.uptimeMs, uptimeMs);
  });
}

const known = ['files', 'filesystem', 'search', 'memory'];
const nearest = [
  { name: 'fiels', finds: ['files'] },
  { name: 'FILES', finds: ['files', 'filesystem'] },
  { name: 'file', finds: ['files', 'filesystem'] },
  { name: 'serach', finds: ['search'] },
  { name: 'payments', finds: [] },
  { name: '', finds: [] },
];
for (const { name, finds } of nearest) {
  test(`near ${JSON.stringify(name)} is ${finds.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(nearestNames(name, known), finds);
  });
}
