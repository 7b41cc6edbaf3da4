import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Problem } from '../../errors.ts';
import type { Perform } from '../../operations/asked.ts';
import { type Handlers, operations } from '../../operations/index.ts';
import { performOperation } from '../../operations/perform.ts';
import { type OperationName, type Route, routes } from '../../operations/routes.ts';
import type { InstanceView } from '../../supervisor/instance.ts';
import { createApi, type Door } from './api.ts';
import { createHealth } from './health.ts';
import { keysInMemory } from './testing/keys-in-memory.ts';

const keys = keysInMemory();

/** A real server on a free port that hands every request to the door. */
async function serve(context: TestContext, door: Door): Promise<string> {
  const server = createServer((request, response) => {
    door(request, response, new URL(request.url ?? '', 'http://localhost').pathname);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Does operations in nobody's name and records nothing. */
function performed(handlers: Handlers): Perform {
  return (name, given) => performOperation(handlers, name, given);
}

/** Handlers that answer with the input they were given; those a test names do as it says. */
function echo(more: Partial<Handlers> = {}): Handlers {
  const entries = Object.keys(routes).map((name) => [
    name,
    async (input: unknown) => ({ operation: name, input }),
  ]);
  return { ...(Object.fromEntries(entries) as unknown as Handlers), ...more };
}

interface Reply {
  readonly status: number;
  readonly type: string | null;
  readonly body: Record<string, unknown>;
}
async function ask(url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, init);
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, type: response.headers.get('content-type'), body };
}
const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json'): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': type },
});

/** A fitting input for each operation, as it travels: where, with what body, and what the handler then gets. */
const travels: Record<OperationName, { path: string; body?: unknown; input: unknown }> = {
  'daemon.status': { path: '/status', input: {} },
  'daemon.shutdown': { path: '/shutdown', body: {}, input: {} },
  'server.list': { path: '/servers', input: {} },
  'approval.list': { path: '/approvals', input: {} },
  'audit.list': {
    path: '/audit?text=aya&rangeMs=60000&limit=5',
    input: { choice: 'all', text: 'aya', rangeMs: 60_000, limit: 5 },
  },
  'server.get': { path: '/servers/a%20b', input: { server: 'a b' } },
  'server.diagnose': {
    path: '/servers/a%20b/diagnosis?language=ja',
    input: { server: 'a b', language: 'ja' },
  },
  'server.add': {
    path: '/servers/add',
    body: { server: 'a', entry: { command: 'x' } },
    input: { server: 'a', entry: { command: 'x' }, held: false },
  },
  'server.edit': {
    path: '/servers/a/edit',
    body: { patch: { cwd: null } },
    input: { server: 'a', patch: { cwd: null }, dryRun: false },
  },
  'server.remove': {
    path: '/servers/remove',
    body: { servers: ['a'] },
    input: { servers: ['a'] },
  },
  'server.start': {
    path: '/servers/start',
    body: { servers: ['all'] },
    input: { servers: ['all'], wait: true },
  },
  'server.stop': {
    path: '/servers/stop',
    body: { servers: ['a', 'b'], wait: false },
    input: { servers: ['a', 'b'], wait: false },
  },
  'server.restart': {
    path: '/servers/restart',
    body: { servers: ['a'] },
    input: { servers: ['a'], leaveStopped: false, wait: true },
  },
  'server.reload': {
    path: '/servers/reload',
    body: { servers: ['a'] },
    input: { servers: ['a'], leaveStopped: false, wait: true },
  },
  'server.scale': {
    path: '/servers/files/scale',
    body: { count: 2 },
    input: { server: 'files', count: 2 },
  },
  'server.login': { path: '/servers/a/login', body: {}, input: { server: 'a' } },
  'server.logout': { path: '/servers/a/logout', body: {}, input: { server: 'a' } },
  'server.approve': {
    path: '/servers/approve',
    body: { servers: ['files'] },
    input: { servers: ['files'] },
  },
  'server.sendInput': {
    path: '/servers/files/input',
    body: { text: 'hello' },
    input: { server: 'files', text: 'hello' },
  },
  'server.signal': {
    path: '/servers/files/signal',
    body: { signal: 'SIGHUP' },
    input: { server: 'files', signal: 'SIGHUP' },
  },
  'log.read': {
    path: '/servers/files/logs?lines=5&cursor=c%2B1',
    input: { server: 'files', lines: 5, cursor: 'c+1' },
  },
  'log.search': {
    path: '/logs/search',
    body: { servers: ['a'], text: 'ü', level: 'warn' },
    input: { servers: ['a'], text: 'ü', level: 'warn', order: 'newest', limit: 100 },
  },
  'log.summary': { path: '/logs/summary', body: { sinceMs: 5 }, input: { sinceMs: 5 } },
  'tool.list': { path: '/tools?server=files', input: { server: 'files' } },
  'tool.search': { path: '/tools/search?query=read+it', input: { query: 'read it', limit: 10 } },
  'tool.call': {
    path: '/tools/call',
    body: { server: 'files', tool: 'read', arguments: { deep: [1, { ü: null }] } },
    input: { server: 'files', tool: 'read', arguments: { deep: [1, { ü: null }] } },
  },
  'fleet.get': { path: '/fleet', input: {} },
  'fleet.overview': { path: '/fleet/overview', input: { rangeMs: 21_600_000 } },
  'fleet.read': { path: '/fleet/file', input: {} },
  'fleet.plan': { path: '/fleet/plan', body: { text: 'a: 1' }, input: { text: 'a: 1' } },
  'fleet.save': {
    path: '/fleet/save',
    body: { text: 'a: 1', hash: 'h' },
    input: { text: 'a: 1', hash: 'h' },
  },
  'call.list': {
    path: '/calls?outcome=notOk&minTookMs=5&beforeId=9&limit=3',
    input: { outcome: 'notOk', minTookMs: 5, beforeId: 9, limit: 3, rangeMs: 3_600_000 },
  },
  'call.get': { path: '/calls/7', input: { call: 7 } },
  'fleet.apply': { path: '/fleet/apply', body: { dryRun: true }, input: { dryRun: true } },
  'metric.read': {
    path: '/metrics?server=all&metric=cpuPercent&rangeMs=6h&step=1m',
    input: {
      server: 'all',
      metric: 'cpuPercent',
      rangeMs: 21_600_000,
      step: '1m',
      together: false,
    },
  },
  'metric.latest': { path: '/metrics/latest?samples=3', input: { samples: 3 } },
  'fleet.verdict': { path: '/fleet/verdict', input: {} },
  'alert.list': {
    path: '/alerts?history=true&limit=5',
    input: { history: true, limit: 5 },
  },
  'alert.acknowledge': {
    path: '/alerts/acknowledge',
    body: { key: 'down/files' },
    input: { key: 'down/files', by: 'somebody', note: '' },
  },
  'alert.silence': {
    path: '/alerts/silence',
    body: { subject: 'files', forMs: '2h' },
    input: { subject: 'files', forMs: 7_200_000, by: 'somebody', note: '' },
  },
  'alert.unacknowledge': {
    ...{ path: '/alerts/unacknowledge', body: { key: 'k' } },
    input: { key: 'k', by: 'somebody' },
  },
  'alert.history': { path: '/alerts/history', input: { rangeMs: 604_800_000 } },
  'alert.unsilence': { path: '/alerts/unsilence', body: { id: 'x' }, input: { id: 'x' } },
  'alert.test': { path: '/alerts/test', body: {}, input: {} },
  'alert.rules': { path: '/alerts/rules', input: {} },
  'schedule.list': { path: '/schedules', input: {} },
  'schedule.run': { path: '/schedules/nightly/run', body: {}, input: { schedule: 'nightly' } },
  'schedule.pause': { path: '/schedules/nightly/pause', body: {}, input: { schedule: 'nightly' } },
  'schedule.resume': {
    path: '/schedules/nightly/resume',
    body: {},
    input: { schedule: 'nightly' },
  },
  'report.performance': { path: '/reports/performance?rangeMs=2h', input: { rangeMs: 7_200_000 } },
  'report.create': {
    path: '/reports',
    body: { period: 'weekly', timeZone: 'Asia/Tokyo' },
    input: { period: 'weekly', which: 'last', timeZone: 'Asia/Tokyo', language: 'en' },
  },
  'report.list': { path: '/reports', input: {} },
  'report.read': {
    path: '/reports/kept/daily-2026-11-20?format=html&language=ja',
    input: { report: 'daily-2026-11-20', format: 'html', language: 'ja' },
  },
  'advice.capacity': { path: '/advice/capacity?rangeMs=7d', input: { rangeMs: 604_800_000 } },
  'advice.benchmark': {
    path: '/advice/benchmark',
    body: { server: 'a', durationMs: '1s' },
    input: { server: 'a', arguments: {}, keep: false, durationMs: 1_000, concurrency: 4 },
  },
  'advice.list': { path: '/advice', input: { rangeMs: 86_400_000 } },
  'daemon.health': { path: '/health', input: {} },
  'event.list': {
    path: '/events?kind=instance.&limit=3&sinceMs=1.5',
    input: { kind: 'instance.', limit: 3, sinceMs: 1.5 },
  },
};
test('every operation is reached at its route with its input', async (context) => {
  const url = await serve(context, createApi(performed(echo()), keys));
  assert.ok(Object.keys(travels).length >= 13);
  for (const [name, { path, body, input }] of Object.entries(travels)) {
    const { method }: Route = routes[name as OperationName];
    const init = method === 'POST' ? post(JSON.stringify(body)) : {};
    const reply = await ask(`${url}/api${path}`, init);
    assert.equal(reply.status, 200, name);
    assert.equal(reply.type, 'application/json');
    assert.deepEqual(reply.body, { operation: name, input });
  }
});

test('what an operation answers arrives as its schema says', async (context) => {
  const view = { fleet: 'x', servers: [], name: 'demo', revision: 1, file: 'f' };
  const url = await serve(
    context,
    createApi(performed(echo({ 'fleet.get': async () => view })), keys),
  );
  const reply = await ask(`${url}/api/fleet`);
  assert.equal(operations['fleet.get'].output.parse(reply.body).name, 'demo');
});

const refused = [
  {
    says: 'an unknown route names the nearest',
    path: '/api/severs',
    status: 404,
    code: 'operation_not_found',
    detail: /GET \/api\/severs: did you mean GET \/api\/servers/,
  },
  {
    says: 'an unknown route that is near to nothing',
    path: '/api/of/other/things/altogether',
    status: 404,
    code: 'operation_not_found',
    detail: /^Cannot find an operation at GET \/api\/of\/other\/things\/altogether$/,
  },
  {
    says: 'a wrong method names the right one',
    path: '/api/shutdown',
    status: 405,
    code: 'method_not_allowed',
    detail: /^Cannot do GET \/api\/shutdown: needed POST \/api\/shutdown$/,
  },
  {
    says: 'a broken percent sign',
    path: '/api/servers/%ff',
    status: 400,
    code: 'bad_request',
    detail: /"%ff" is not percent-encoded text/,
  },
  {
    says: 'a number that is none',
    path: '/api/events?limit=many',
    status: 400,
    code: 'bad_request',
    detail: /^Cannot do event\.list: limit: .*number/,
  },
  {
    says: 'a field given twice',
    path: '/api/tools?server=a&server=b',
    status: 400,
    code: 'bad_request',
    detail: /server: found a list, needed text/,
  },
  {
    says: 'a body of another type, which a web page could post',
    path: '/api/servers/stop',
    init: post('{"servers":["all"]}', 'text/plain'),
    status: 400,
    code: 'bad_request',
    detail: /found "text\/plain", needed content-type application\/json/,
  },
  {
    says: 'an empty body without a type',
    path: '/api/shutdown',
    init: { method: 'POST' },
    status: 400,
    code: 'bad_request',
    detail: /found no content type/,
  },
  {
    says: 'a body that is no JSON',
    path: '/api/servers/stop',
    init: post('{"servers":'),
    status: 400,
    code: 'bad_request',
    detail: /needed JSON in UTF-8/,
  },
  {
    says: 'a body that is no UTF-8',
    path: '/api/servers/stop',
    init: post(Uint8Array.from([0x22, 0xff, 0x22])),
    status: 400,
    code: 'bad_request',
    detail: /needed JSON in UTF-8/,
  },
  {
    says: 'a body that is no object',
    path: '/api/servers/stop',
    init: post('["all"]'),
    status: 400,
    code: 'bad_request',
    detail: /found a list, needed a section with servers, profile, wait/,
  },
  {
    says: 'a misspelt field, which must not be ignored',
    path: '/api/fleet/apply',
    init: post('{"dry_run":true}'),
    status: 400,
    code: 'bad_request',
    detail: /dry_run: unknown key, needed one of .*; did you mean "dryRun"\?/,
  },
  {
    says: 'a body above 10 MB',
    path: '/api/tools/call',
    init: post(JSON.stringify({ server: 'a'.repeat(10_485_760) })),
    status: 413,
    code: 'too_large',
    detail: /needed at most 10485760/,
  },
];
for (const { says, path, init, status, code, detail } of refused) {
  test(`refused: ${says}`, async (context) => {
    const url = await serve(
      context,
      createApi(performed(echo()), keys, () => assert.fail('not a bug')),
    );
    const reply = await ask(url + path, init);
    assert.equal(reply.type, 'application/problem+json');
    assert.equal(reply.status, status);
    assert.equal(reply.body['status'], status);
    assert.equal(reply.body['code'], code);
    assert.match(String(reply.body['detail']), detail);
    assert.ok(reply.body['hint'] && reply.body['title']);
    assert.equal(reply.body['type'], `urn:ringmaster:problem:${code}`);
  });
}

test('all problems of an input are told at once', async (context) => {
  const url = await serve(context, createApi(performed(echo()), keys));
  const bad = post(JSON.stringify({ server: 1, timeoutMs: 0, argments: {} }));
  const { body } = await ask(`${url}/api/tools/call`, bad);
  const { problems } = body['details'] as { problems: { field: string }[] };
  const fields = problems.map(({ field }) => field).sort();
  assert.deepEqual(fields, ['argments', 'server', 'timeoutMs', 'tool']);
});

test('an empty body is an empty input', async (context) => {
  const url = await serve(context, createApi(performed(echo()), keys));
  assert.deepEqual((await ask(`${url}/api/fleet/apply`, post(''))).body['input'], {
    dryRun: false,
  });
});

test('a body above 10 MB whose size is not announced is refused too', async (context) => {
  const url = await serve(context, createApi(performed(echo()), keys));
  const outgoing = httpRequest(`${url}/api/tools/call`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  outgoing.on('error', () => {});
  const answered = once(outgoing, 'response');
  for (let part = 0; part < 11; part += 1) outgoing.write(' '.repeat(1_048_576));
  const [response] = await answered;
  assert.equal(response.statusCode, 413);
  outgoing.destroy();
});

test('a problem of an operation arrives with its details and the chain of its causes', async (context) => {
  const handlers = echo({
    'server.get': async () => {
      const cause = new Error('no such process');
      throw new Problem('server_down', 'Cannot reach files', { cause, details: { pid: 4 } });
    },
  });
  const url = await serve(context, createApi(performed(handlers), keys));
  const { status, body } = await ask(`${url}/api/servers/files`);
  assert.equal(status, 503);
  assert.deepEqual(body, {
    type: 'urn:ringmaster:problem:server_down',
    title: 'Server down',
    status: 503,
    detail: 'Cannot reach files: no such process',
    code: 'server_down',
    hint: 'See why with ringmaster status NAME and ringmaster logs NAME',
    details: { pid: 4 },
  });
});

test('of a bug the client learns an id, the operator the stack under the same id', async (context) => {
  const told: string[] = [];
  const handlers = echo({
    'fleet.get': async () => {
      throw new TypeError('secret is undefined');
    },
  });
  const url = await serve(
    context,
    createApi(performed(handlers), keys, (text) => void told.push(text)),
  );
  const { status, body } = await ask(`${url}/api/fleet`);
  assert.equal(status, 500);
  assert.doesNotMatch(JSON.stringify(body), /secret/);
  const id = String(body['instance']).replace('urn:uuid:', '');
  assert.match(told.join(''), new RegExp(`^Failure ${id}: TypeError: secret is undefined\n +at `));
});

test('a client that goes away in the middle of its body harms nobody', async (context) => {
  const url = await serve(
    context,
    createApi(performed(echo()), keys, () => assert.fail('not a bug')),
  );
  const outgoing = httpRequest(`${url}/api/tools/call`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': 100 },
  });
  outgoing.on('error', () => {});
  const gone = new Promise((done) => outgoing.on('close', done));
  outgoing.write('{', () => outgoing.destroy());
  await gone;
  assert.equal((await ask(`${url}/api/fleet`)).status, 200);
});

const instance = (wanted: InstanceView['wanted'], state: InstanceView['state']) =>
  ({ server: 'files', index: 0, wanted, state, why: 'as told' }) as InstanceView;
const healths = [
  { says: 'no server', views: [], status: 200 },
  { says: 'all ready', views: [instance('running', 'ready')], status: 200 },
  { says: 'one asleep until called', views: [instance('running', 'asleep')], status: 200 },
  {
    says: 'one that starts beside as many as are kept',
    views: [instance('running', 'ready'), instance('running', 'starting')],
    status: 200,
  },
  { says: 'one stopped by wish', views: [instance('stopped', 'stopped')], status: 200 },
  { says: 'one starting', views: [instance('running', 'starting')], status: 503 },
  { says: 'one sick', views: [instance('running', 'sick')], status: 503 },
  {
    says: 'one failed beside a ready one',
    views: [instance('running', 'ready'), instance('running', 'failed')],
    status: 503,
  },
];
for (const { says, views, status } of healths) {
  test(`health with ${says}: live, and ready answers ${status}`, async (context) => {
    const url = await serve(
      context,
      createHealth(
        () => views,
        () => 1,
      ),
    );
    assert.deepEqual((await ask(`${url}/health/live`)).body, { status: 'live' });
    const ready = await ask(`${url}/health/ready`);
    assert.equal(ready.status, status);
    assert.equal(ready.body['status'], status === 200 ? 'ready' : 'not ready');
    const expected = views.filter((view) => status === 503 && view.state !== 'ready');
    assert.deepEqual(
      ready.body['notReady'],
      expected.map(({ server, index, state, why }) => ({ server, index, state, why })),
    );
  });
}
