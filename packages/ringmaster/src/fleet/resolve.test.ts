import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFleet } from './check.ts';
import { pathText } from './problem.ts';
import type { FleetFileInput } from './schema.ts';
import { fleetOf } from './testing/fleet-of.ts';

const kinds = [
  { entry: { command: 'node' }, kind: 'stdio' },
  { entry: { command: 'node', url: 'http://127.0.0.1:${PORT}/mcp', port: 8000 }, kind: 'http' },
  { entry: { url: 'https://example.com/mcp' }, kind: 'remote' },
  { entry: { url: '${SEARCH_URL}' }, kind: 'remote' },
  {
    entry: { kind: 'service', command: 'node', port: 'auto', health: { tcp: true } },
    kind: 'service',
  },
] as const;
for (const { entry, kind } of kinds) {
  test(`${JSON.stringify(entry)} is of the kind ${kind}`, () => {
    assert.equal(
      fleetOf({ servers: { one: entry } as FleetFileInput['servers'] }).servers[0]?.kind,
      kind,
    );
  });
}

test('a fleet keeps the order of the file, fills in every default and knows where it stands', () => {
  const fleet = fleetOf(
    { fleet: 'demo', servers: { b: { command: 'b' }, a: { command: 'a' } } },
    7,
  );
  assert.deepEqual(
    fleet.servers.map((server) => server.name),
    ['b', 'a'],
  );
  assert.equal(fleet.name, 'demo');
  assert.equal(fleet.revision, 7);
  assert.equal(fleet.baseDir, '/fleet');
  assert.equal(fleet.listen.port, 7464);
  assert.equal(fleet.servers[0]?.stop.graceMs, 15_000);
  assert.equal(fleet.servers[0]?.restart.policy, 'always');
});

test('durations and sizes may be text with a unit, and text may be a number', () => {
  const [server] = fleetOf({
    servers: {
      one: {
        command: 'node',
        args: [8080, true],
        env: { PORT: 80 },
        stop: { drainMs: '1.5m' },
        logs: { maxSizeBytes: '10MiB' },
      },
    },
  }).servers;
  assert.deepEqual(server?.args, ['8080', 'true']);
  assert.deepEqual(server?.env, { PORT: '80' });
  assert.equal(server?.stop.drainMs, 90_000);
  assert.equal(server?.logs.maxSizeBytes, 10_485_760);
});

const ok = { command: 'node' };
const faults: { file: FleetFileInput; path: string; says: RegExp }[] = [
  { file: { servers: { a: {} } }, path: 'servers.a', says: /neither command nor url/ },
  {
    file: { servers: { a: { kind: 'service', url: 'http://x' } } },
    path: 'servers.a.url',
    says: /needed command/,
  },
  { file: { servers: { a: { url: 'ftp://x' } } }, path: 'servers.a.url', says: /http:\/\// },
  { file: { servers: { 'a b': ok } }, path: 'servers.a b', says: /1 to 48 letters/ },
  { file: { servers: { '-a': ok } }, path: 'servers.-a', says: /1 to 48 letters/ },
  { file: { servers: { all: ok } }, path: 'servers.all', says: /stands for every server/ },
  {
    file: { servers: { files: ok, b: { ...ok, dependsOn: ['fiels'] } } },
    path: 'servers.b.dependsOn[0]',
    says: /did you mean "files"/,
  },
  {
    file: { servers: { db: { ...ok, enabled: false }, b: { ...ok, dependsOn: ['db'] } } },
    path: 'servers.b.dependsOn[0]',
    says: /disabled/,
  },
  {
    file: {
      servers: {
        x: { ...ok, dependsOn: ['a'] },
        a: { ...ok, dependsOn: ['b'] },
        b: { ...ok, dependsOn: ['c'] },
        c: { ...ok, dependsOn: ['a'] },
      },
    },
    path: 'servers.a.dependsOn',
    says: /a → b → c → a/,
  },
  {
    file: { servers: { a: { ...ok, dependsOn: ['a'] } } },
    path: 'servers.a.dependsOn',
    says: /a → a/,
  },
  {
    file: { servers: { files: ok }, profiles: { basic: ['file'] } },
    path: 'profiles.basic[0]',
    says: /did you mean "files"/,
  },
  {
    file: { servers: { files: ok }, views: { docs: { servers: ['file'] } } },
    path: 'views.docs.servers[0]',
    says: /did you mean "files"/,
  },
  {
    file: { servers: { files: ok }, views: { docs: { tools: { allow: ['read_*'] } } } },
    path: 'views.docs.tools.allow[0]',
    says: /needed SERVER.NAME, such as "files.read_\*"/,
  },
  {
    file: { servers: { files: ok }, views: { docs: { tools: { deny: ['fils.read_*'] } } } },
    path: 'views.docs.tools.deny[0]',
    says: /needed the name of a server of this view; did you mean "files"/,
  },
  {
    file: {
      servers: { files: ok, mail: ok },
      views: { docs: { servers: ['files'], tools: { allow: ['*.read', 'mail.*'] } } },
    },
    path: 'views.docs.tools.allow[1]',
    says: /needed the name of a server of this view/,
  },
  {
    file: {
      alerts: {
        notifiers: { team: { kind: 'slack', url: '${SLACK_URL}' } },
        escalation: [{ notifiers: ['taem'] }],
      },
    },
    path: 'alerts.escalation[0].notifiers[0]',
    says: /did you mean "team"/,
  },
  {
    file: { alerts: { escalation: [{ afterMs: '10m' }, { afterMs: '5m' }] } },
    path: 'alerts.escalation[1].afterMs',
    says: /needed more than the 600000 ms/,
  },
  {
    file: { servers: { files: ok }, alerts: { servers: { file: {} } } },
    path: 'alerts.servers.file',
    says: /did you mean "files"/,
  },
  { file: { servers: { a: ok }, views: { 'a/b': {} } }, path: 'views.a/b', says: /1 to 48/ },
  {
    file: { servers: { a: { ...ok, show: { tools: { rename: { x: 'z', y: 'z' } } } } } },
    path: 'servers.a.show.tools.rename.y',
    says: /which "x" is renamed to, too/,
  },
  {
    file: { servers: { a: { ...ok, show: { tools: { rename: { x: 'with space' } } } } } },
    path: 'servers.a.show.tools.rename.x',
    says: /1 to 40 letters/,
  },
  {
    file: { servers: { a: { ...ok, health: { tcp: true } } } },
    path: 'servers.a.health.tcp',
    says: /port/,
  },
  {
    file: { servers: { a: { ...ok, health: { http: '/health' } } } },
    path: 'servers.a.health.http',
    says: /port/,
  },
  { file: { listen: { host: '0.0.0.0' } }, path: 'listen.host', says: /authentication/ },
  { file: { listen: { host: '127.0.0.1.evil.example' } }, path: 'listen.host', says: /loopback/ },
  {
    file: { servers: { a: { ...ok, port: 8000 }, b: { ...ok, port: 8000 } } },
    path: 'servers.b.port',
    says: /server "a"/,
  },
  { file: { servers: { a: { ...ok, port: 7464 } } }, path: 'servers.a.port', says: /listen\.port/ },
  {
    file: { servers: { a: { url: 'http://x', args: ['y'] } } },
    path: 'servers.a.args',
    says: /needed command/,
  },
  {
    file: { servers: { a: { ...ok, headers: { A: 'b' } } } },
    path: 'servers.a.headers',
    says: /needed url/,
  },
  {
    file: { servers: { a: { ...ok, restart: { baseDelayMs: '2m' } } } },
    path: 'servers.a.restart.baseDelayMs',
    says: /at most maxDelayMs/,
  },
];
for (const { file, path, says } of faults) {
  test(`${JSON.stringify(file)} is refused at ${path}`, () => {
    const { problems = [] } = checkFleet(file, { revision: 1, baseDir: '/' });
    assert.deepEqual(
      problems.map((problem) => pathText(problem.path)),
      [path],
    );
    assert.match(problems[0]?.message ?? '', says);
  });
}

test('loopback addresses are accepted', () => {
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1']) {
    assert.equal(fleetOf({ listen: { host } }).listen.host, host);
  }
});

test('two servers may name one port when only one of them is enabled', () => {
  const file = { servers: { a: { ...ok, port: 8000 }, b: { ...ok, port: 8000, enabled: false } } };
  assert.equal(fleetOf(file).servers.length, 2);
});

test('a key named __proto__ is a fault and changes nothing', () => {
  const file: unknown = JSON.parse('{"servers":{"__proto__":{"command":"node"}}}');
  const { problems = [] } = checkFleet(file, { revision: 1, baseDir: '/' });
  assert.deepEqual(
    problems.map((problem) => pathText(problem.path)),
    ['servers.__proto__'],
  );
  assert.equal(Reflect.get({}, 'command'), undefined);
});
