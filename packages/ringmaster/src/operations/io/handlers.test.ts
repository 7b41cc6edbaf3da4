import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Clock } from '../../clock.ts';
import { Problem } from '../../errors.ts';
import { resolveFleet } from '../../fleet/resolve.ts';
import { fleetFileSchema } from '../../fleet/schema.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { openJournal } from '../../journal/io/journal.ts';
import { createStandings } from '../../journal/standings.ts';
import type { InstanceView } from '../../supervisor/instance.ts';
import type { Supervisor } from '../../supervisor/supervisor.ts';
import { operations } from '../index.ts';
import type { OperationName } from '../routes.ts';
import { createHandlers } from './handlers.ts';
import { inParallel } from './in-parallel.ts';

const clock: Clock = {
  nowMs: () => 10_000,
  tickMs: () => performance.now(),
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs);
    return () => clearTimeout(timer);
  },
};

const names = ['files', 'search', 'api', 'off'];

function fleetOfTest() {
  const servers = Object.fromEntries(
    names.map((name) => [
      name,
      { command: name, description: `${name}!`, enabled: name !== 'off' },
    ]),
  );
  const file = fleetFileSchema.parse({ fleet: 'demo', servers });
  const resolved = resolveFleet(file, { revision: 3, baseDir: '/tmp' });
  assert.ok(resolved.ok);
  return resolved.fleet;
}

const view = (server: string, state: InstanceView['state']): InstanceView => ({
  server,
  index: 0,
  kind: 'stdio',
  wanted: 'running',
  state,
  why: 'as told',
  sinceMs: 1,
  generation: 1,
  pid: undefined,
  port: undefined,
  url: undefined,
  startedAtMs: undefined,
  adopted: false,
  restarts: 0,
  lastDeath: undefined,
  nextTryAtMs: undefined,
  memoryBytes: undefined,
  cpuPercent: undefined,
  processCount: undefined,
});

/** Handlers over a real journal; supervisor and gateway are as small as the interface allows. */
async function setUp(context: TestContext, more: Partial<Supervisor> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-handlers-'));
  const path = join(folder, 'journal.db');
  const journal = await openJournal({ path, clock, keepMs: 1e9, maxEvents: 1_000 });
  context.after(async () => {
    await journal.close();
    rmSync(folder, { recursive: true });
  });
  const asked: string[] = [];
  const states = new Map<string, InstanceView['state']>(names.map((name) => [name, 'stopped']));
  const change = (word: string, state: InstanceView['state']) => async (server: string) => {
    asked.push(`${word} ${server}`);
    states.set(server, state);
  };
  const never = () => assert.fail('not asked for here');
  const supervisor: Supervisor = {
    cgroup: { kind: 'none', why: 'absent', controllers: [] },
    views: () => [...states].map(([server, state]) => view(server, state)),
    execute: never,
    start: change('start', 'ready'),
    stop: change('stop', 'stopped'),
    restart: change('restart', 'ready'),
    reload: change('reload', 'ready'),
    scale: async (server, count) => void asked.push(`scale ${server} ${count}`),
    signal: () => 1,
    poolOf: () => ({ min: 1, loadMax: 1, max: 8, idleStopMs: 300_000, fixed: undefined }),
    sendInput: () => 1,
    readLog: async (_server, { lines, cursor }) => ({
      lines: ['one', 'two'].slice(-lines),
      cursor: `${cursor ?? 'first'}+`,
      missed: false,
    }),
    searchLog: never,
    summarizeLog: never,
    shutdown: never,
    ...more,
  };
  const definition = {
    name: 'read',
    title: 7,
    description: 'Reads',
    inputSchema: { type: 'object' },
    annotations: { readOnlyHint: true },
  };
  const gateway: Gateway = {
    conversations: {
      open: never,
      probe: never,
      inFlight: () => 2,
      noise: () => undefined,
      drain: never,
      close: never,
      expect: never,
      remembers: never,
      load: never,
      onDemand: never,
    },
    setFleet: never,
    tools: ({ server = 'files' } = {}) => [
      { server, name: 'read', exposedAs: 'read', definition },
      { server, name: 'write', hiddenBy: 'servers.api.tools.allow', definition: {} },
    ],
    findTools: ({ query }) => [
      { server: 'files', name: 'read', exposedAs: 'read', score: query.length, definition },
    ],
    callTool: async (call) => ({ result: { asked: { ...call } }, tookMs: 5 }),
    upstream: () => ({
      era: 'legacy',
      protocolVersion: '2025-11-25',
      tools: 4,
      refuses: undefined,
    }),
    leased: () => 0,
    sessionCount: () => 6,
    close: never,
  };
  const fleet = fleetOfTest();
  const handlers = createHandlers({
    supervisor,
    gateway,
    journal,
    metering: { recent: () => [] },
    standings: async () => createStandings(),
    shelf: { folder, keep: never, list: never, read: never },
    signIns: { begin: never, end: never, view: () => undefined },
    approvals: {
      approve: (server) => void asked.push(`approve ${server}`),
      compare: () => undefined,
      hold: never,
    },
    scheduler: never,
    alerting: never,
    clock,
    daemon: {
      version: '0.1.0',
      pid: 77,
      life: 2,
      startedAtMs: 4_000,
      dataDir: folder,
      url: () => 'http://127.0.0.1:7464/mcp',
      addServer: never,
      removeServers: never,
      requestShutdown: () => void asked.push('shutdown'),
      currentFleet: () => ({ fleet, file: 'ringmaster.yaml' }),
      lastRejected: () => ({ atMs: 3, problems: ['line 4'] }),
      fleetFile: { readText: never, planText: never, saveText: never, editEntry: never },
      applyFleet: async (dryRun) => ({ revision: 3, applied: !dryRun, actions: [] }),
    },
  });
  /** Input and output pass their schemas, as at every door. */
  async function ask(name: OperationName, input: unknown): Promise<Record<string, unknown>> {
    const handler = handlers[name] as (input: unknown) => Promise<unknown>;
    const output = await handler(operations[name].input.parse(input));
    return operations[name].output.parse(output) as Record<string, unknown>;
  }
  return { ask, asked, journal };
}

const rowsOf = (output: Record<string, unknown>) =>
  (output['servers'] as { server: string; state: string }[]).map(
    (row) => `${row.server} ${row.state}`,
  );

test('the status tells of the daemon and of every server', async (context) => {
  const { ask } = await setUp(context);
  const status = await ask('daemon.status', {});
  const { memoryBytes, servers, dataDir: _, ...rest } = status;
  assert.ok(Number(memoryBytes) > 1_000_000);
  assert.deepEqual(
    { ...rest, servers: rowsOf({ servers }) },
    {
      version: '0.1.0',
      pid: 77,
      life: 2,
      startedAtMs: 4_000,
      uptimeMs: 6_000,
      fleet: 'demo',
      revision: 3,
      file: 'ringmaster.yaml',
      profile: undefined,
      url: 'http://127.0.0.1:7464/mcp',
      sessions: 6,
      cgroup: { kind: 'none', why: 'absent', controllers: [] },
      servers: ['files stopped', 'search stopped', 'api stopped', 'off stopped'],
      lastRejected: { atMs: 3, problems: ['line 4'] },
    },
  );
});

test('a server tells its description, upstream and totals', async (context) => {
  const { ask, journal } = await setUp(context);
  journal.append({
    atMs: 9_000,
    kind: 'call.finished',
    subject: 'files',
    method: 'tools/call',
    outcome: 'late',
    tookMs: 3,
  });
  const row = await ask('server.get', { server: 'files' });
  const { description, tools, inFlight, calls, failedCalls } = row;
  assert.deepEqual(
    { description, tools, inFlight, calls, failedCalls },
    { description: 'files!', tools: 4, inFlight: 2, calls: 1, failedCalls: 1 },
  );
  const listed = await ask('event.list', { subject: 'files', kind: 'call.' });
  assert.equal((listed['events'] as unknown[]).length, 1);
});

test('named servers are changed, each once, and shown as they are then', async (context) => {
  const { ask, asked } = await setUp(context);
  const output = await ask('server.start', { servers: ['search', 'files', 'search'] });
  assert.deepEqual(asked, ['start search', 'start files']);
  assert.deepEqual(rowsOf(output), ['files ready', 'search ready']);
});

const all = [
  { name: 'server.start', finds: ['start files', 'start search', 'start api'] },
  { name: 'server.stop', finds: ['stop files', 'stop search', 'stop api', 'stop off'] },
] as const;
for (const { name, finds } of all) {
  test(`${name} of all means ${finds.join(', ')}`, async (context) => {
    const { ask, asked } = await setUp(context);
    await ask(name, { servers: ['all'] });
    assert.deepEqual(asked, finds);
  });
}

for (const what of ['restart', 'reload'] as const) {
  const resting = { files: 'stopped', search: 'stopped', api: 'running', off: 'stopped' } as const;
  const views = () =>
    names.map((name) => ({
      ...view(name, 'stopped'),
      wanted: resting[name as keyof typeof resting],
    }));

  test(`${what} of all leaves what somebody stopped stopped`, async (context) => {
    const { ask, asked } = await setUp(context, { views });
    await ask(`server.${what}`, { servers: ['all'] });
    assert.deepEqual(asked, [`${what} api`]);
  });

  test(`${what} by a name starts it, and leaves it when asked to`, async (context) => {
    const { ask, asked } = await setUp(context, { views });
    await ask(`server.${what}`, { servers: ['files', 'api'], leaveStopped: true });
    await ask(`server.${what}`, { servers: ['files'] });
    assert.deepEqual(asked, [`${what} api`, `${what} files`]);
  });
}

const asksForUnknown = [
  ['server.get', { server: 'fiels' }],
  ['server.restart', { servers: ['search', 'fiels'] }],
  ['log.read', { server: 'fiels' }],
  ['tool.list', { server: 'fiels' }],
  ['tool.call', { server: 'fiels', tool: 'read' }],
] as const;
for (const [name, input] of asksForUnknown) {
  test(`${name} of an unknown server names what is near, and changes nothing`, async (context) => {
    const { ask, asked } = await setUp(context);
    await assert.rejects(ask(name, input), (error) => {
      assert.ok(error instanceof Problem);
      assert.equal(error.code, 'server_not_found');
      assert.equal(error.message, 'Cannot find server "fiels": did you mean files?');
      assert.deepEqual(error.details, { unknown: ['fiels'], nearest: ['files'] });
      return true;
    });
    assert.deepEqual(asked, []);
  });
}

test('a server that cannot start does not keep the others from it, and is reported', async (context) => {
  const started: string[] = [];
  const start: Supervisor['start'] = async (server) => {
    if (server !== 'api') throw new Problem('spawn_failed', `Cannot start ${server}`);
    started.push(server);
  };
  const { ask } = await setUp(context, { start });
  await assert.rejects(ask('server.start', { servers: ['files', 'search', 'api'] }), (error) => {
    assert.ok(error instanceof Problem);
    assert.equal(error.code, 'spawn_failed');
    assert.match(error.message, /^Cannot start 2 servers: files: Cannot start files; search: /);
    assert.deepEqual(error.details, { servers: ['files', 'search'] });
    return true;
  });
  assert.deepEqual(started, ['api']);
  const output = await ask('server.start', { servers: ['files'], wait: false });
  assert.deepEqual(rowsOf(output), ['files stopped']);
});

test('logs, tools, calls, fleet and shutdown reach whom they are for', async (context) => {
  const { ask, asked } = await setUp(context);
  assert.deepEqual(await ask('log.read', { server: 'files', lines: '1', cursor: 'c' }), {
    lines: ['two'],
    cursor: 'c+',
    missed: false,
  });
  assert.deepEqual(await ask('tool.list', { server: 'api' }), {
    tools: [
      {
        server: 'api',
        name: 'read',
        exposedAs: 'read',
        title: undefined,
        description: 'Reads',
        inputSchema: { type: 'object' },
        annotations: { readOnlyHint: true },
        hiddenBy: undefined,
      },
      {
        server: 'api',
        name: 'write',
        exposedAs: undefined,
        title: undefined,
        description: undefined,
        inputSchema: undefined,
        annotations: undefined,
        hiddenBy: 'servers.api.tools.allow',
      },
    ],
  });
  const found = (await ask('tool.search', { query: 'four' }))['tools'] as { score: number }[];
  assert.deepEqual(
    found.map(({ score }) => score),
    [4],
  );
  const call = { server: 'api', tool: 'read', arguments: { path: 'x' }, timeoutMs: 9 };
  assert.deepEqual(await ask('tool.call', call), { result: { asked: call }, tookMs: 5 });
  assert.deepEqual((await ask('fleet.get', {}))['servers'], names);
  assert.equal((await ask('fleet.apply', { dryRun: true }))['applied'], false);
  assert.deepEqual(await ask('daemon.shutdown', {}), { pid: 77 });
  assert.deepEqual(asked, ['shutdown']);
});

test('in parallel means never more at once than allowed, and every item once', async () => {
  let atOnce = 0;
  let most = 0;
  const done: number[] = [];
  const items = Array.from({ length: 20 }, (_, index) => index);
  const failures = await inParallel(items, 8, async (item) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await new Promise((next) => setImmediate(next));
    atOnce -= 1;
    if (item === 5) throw new Error('five');
    done.push(item);
  });
  assert.equal(most, 8);
  assert.deepEqual(
    done.sort((one, other) => one - other),
    items.filter((item) => item !== 5),
  );
  assert.deepEqual(
    failures.map(({ item }) => item),
    [5],
  );
});
