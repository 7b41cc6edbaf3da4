import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Fleet, ServerSpec } from './fleet.ts';
import { type ActualServer, type PlannedAction, planFleet } from './plan.ts';
import { serversOfProfile } from './profiles.ts';
import type { FleetFileInput, ServerEntryInput } from './schema.ts';
import { fleetOf } from './testing/fleet-of.ts';

const entry: ServerEntryInput = { command: 'node' };
const one = (
  changes: Partial<ActualServer> = {},
  spec: ServerEntryInput = entry,
): ActualServer => ({
  name: 'a',
  wanted: 'running',
  state: 'ready',
  stoppedByPerson: false,
  runningSpec: fleetOf({ servers: { a: spec } }).servers[0],
  ...changes,
});
const brief = (actions: readonly PlannedAction[]) => actions.map((a) => `${a.action} ${a.server}`);

const rows: {
  name: string;
  file: FleetFileInput;
  profile?: string;
  servers: ActualServer[];
  plan: string[];
}[] = [
  {
    name: 'a new server',
    file: { servers: { a: entry } },
    servers: [],
    plan: ['add a', 'start a'],
  },
  { name: 'nothing new', file: { servers: { a: entry } }, servers: [one()], plan: [] },
  {
    name: 'a new server outside the profile',
    file: { servers: { a: entry, b: entry }, profiles: { p: ['b'] } },
    profile: 'p',
    servers: [],
    plan: ['add a', 'add b', 'start b'],
  },
  { name: 'a server that left', file: {}, servers: [one()], plan: ['stop a', 'remove a'] },
  {
    name: 'a stopped server that left',
    file: {},
    servers: [one({ state: 'stopped' })],
    plan: ['remove a'],
  },
  {
    name: 'another command',
    file: { servers: { a: { command: 'deno' } } },
    servers: [one()],
    plan: ['restart a'],
  },
  {
    name: 'a repaired command of a failed server',
    file: { servers: { a: { command: 'deno' } } },
    servers: [one({ state: 'failed' })],
    plan: ['restart a'],
  },
  {
    name: 'other limits',
    file: { servers: { a: { ...entry, limits: { waitMs: 1 } } } },
    servers: [one()],
    plan: ['reroute a'],
  },
  {
    name: 'a disabled server',
    file: { servers: { a: { ...entry, enabled: false } } },
    servers: [one()],
    plan: ['stop a', 'reroute a'],
  },
  {
    name: 'a server that a person stopped',
    file: { servers: { a: entry } },
    servers: [one({ state: 'stopped', wanted: 'stopped', stoppedByPerson: true })],
    plan: [],
  },
  {
    name: 'a changed server that a person stopped',
    file: { servers: { a: { command: 'deno' } } },
    servers: [one({ state: 'stopped', wanted: 'stopped', stoppedByPerson: true })],
    plan: ['reroute a'],
  },
  {
    name: 'a disabled server that a person started',
    file: { servers: { a: { ...entry, enabled: false }, b: entry } },
    servers: [one({ startedByPerson: true }, { ...entry, enabled: false })],
    plan: ['add b', 'start b'],
  },
  {
    name: 'another command of a disabled server that a person started',
    file: { servers: { a: { command: 'deno', enabled: false } } },
    servers: [one({ startedByPerson: true }, { ...entry, enabled: false })],
    plan: ['restart a'],
  },
  {
    name: 'a server that a person started and the file disables since',
    file: { servers: { a: { ...entry, enabled: false } } },
    servers: [one({ startedByPerson: true })],
    plan: ['stop a', 'reroute a'],
  },
  {
    name: 'a disabled server that a person started in an earlier life, and nothing of which runs',
    file: { servers: { a: { ...entry, enabled: false } } },
    servers: [one({ state: 'stopped', startedByPerson: true }, { ...entry, enabled: false })],
    plan: [],
  },
  {
    name: 'a server that a person started outside the profile',
    file: { servers: { a: entry, b: entry }, profiles: { p: [] } },
    profile: 'p',
    servers: [one({ startedByPerson: true })],
    plan: ['add b'],
  },
  {
    name: 'a server outside the profile',
    file: { servers: { a: entry }, profiles: { p: [] } },
    profile: 'p',
    servers: [one()],
    plan: ['stop a'],
  },
  {
    name: 'a stopped server that is wanted',
    file: { servers: { a: entry } },
    servers: [one({ state: 'stopped' })],
    plan: ['start a'],
  },
];
for (const { name, file, profile, servers, plan } of rows) {
  test(`${name}: ${plan.join(', ') || 'nothing to do'}`, () => {
    const actions = planFleet({ fleet: fleetOf(file), profile, servers });
    assert.deepEqual(brief(actions), plan);
    for (const action of actions) assert.notEqual(action.why, '');
  });
}

const names = ['a', 'b', 'c', 'd', 'e'];
const specs = fc
  .array(
    fc.record({
      command: fc.constantFrom('node', 'deno'),
      enabled: fc.boolean(),
      description: fc.constantFrom('x', 'y'),
      needs: fc.subarray(names),
      isThere: fc.boolean(),
    }),
    { minLength: names.length, maxLength: names.length },
  )
  .map((list) => {
    const servers: Record<string, ServerEntryInput> = {};
    list.forEach(({ needs, isThere, ...rest }, index) => {
      // Dependencies only on earlier, enabled servers that are there: never a circle.
      const dependsOn = needs.filter(
        (name) => names.indexOf(name) < index && servers[name]?.enabled === true,
      );
      if (isThere) servers[names[index] ?? ''] = { ...rest, dependsOn };
    });
    const reversed = Object.fromEntries(Object.entries(servers).reverse());
    return fleetOf({ servers: reversed, profiles: { p: Object.keys(servers).slice(0, 2) } });
  });
const states = ['stopped', 'starting', 'ready', 'sick', 'stopping', 'waiting', 'failed'] as const;

/** Does what the plan says, one step after the other, and refuses steps that make no sense. */
function execute(
  actions: readonly PlannedAction[],
  servers: readonly ActualServer[],
  fleet: Fleet,
) {
  const specOf = (name: string): ServerSpec | undefined =>
    fleet.servers.find((server) => server.name === name);
  const now = new Map(servers.map((server) => [server.name, { ...server }]));
  for (const { action, server: name } of actions) {
    const server = now.get(name);
    const spec = specOf(name);
    if (action === 'add') {
      assert.equal(server, undefined);
      const added = { name, wanted: 'stopped', state: 'stopped', stoppedByPerson: false } as const;
      now.set(name, { ...added, runningSpec: spec });
      continue;
    }
    assert.ok(server, `${action} ${name}: there is such a server`);
    if (action === 'remove') now.delete(name);
    else if (action === 'stop') server.state = 'stopped';
    else server.runningSpec = spec;
    if (action !== 'start' && action !== 'restart') continue;
    server.state = 'ready';
    for (const needed of spec?.dependsOn ?? []) {
      const other = now.get(needed);
      const isKeptDown = other?.stoppedByPerson === true;
      assert.ok(isKeptDown || isUp(other), `${name} starts after ${needed}`);
    }
  }
  return now;
}

function isUp(server: ActualServer | undefined): boolean {
  return server !== undefined && server.state !== 'stopped' && server.state !== 'stopping';
}

test('after executing a plan what runs is what is wanted, and the next plan is empty', () => {
  const actual = fc.tuple(
    specs,
    fc.array(fc.record({ state: fc.constantFrom(...states), stoppedByPerson: fc.boolean() }), {
      minLength: 5,
      maxLength: 5,
    }),
  );
  fc.assert(
    fc.property(actual, specs, fc.constantFrom(undefined, 'p'), ([old, facts], fleet, profile) => {
      const servers = old.servers.map((spec, index): ActualServer => {
        const fact = facts[index] ?? { state: 'ready', stoppedByPerson: false };
        const state = fact.stoppedByPerson ? 'stopped' : fact.state;
        return { name: spec.name, wanted: 'running', ...fact, state, runningSpec: spec };
      });
      const after = execute(planFleet({ fleet, profile, servers }), servers, fleet);
      const wanted = new Set(serversOfProfile(fleet, profile)?.map((server) => server.name));
      assert.deepEqual([...after.keys()].sort(), fleet.servers.map(({ name }) => name).sort());
      for (const [name, server] of after) {
        const isKeptDown = server.stoppedByPerson;
        assert.equal(isUp(server), wanted.has(name) && !isKeptDown, `${name} is up when wanted`);
        assert.deepEqual(
          server.runningSpec,
          fleet.servers.find((spec) => spec.name === name),
        );
      }
      assert.deepEqual(planFleet({ fleet, profile, servers: [...after.values()] }), []);
    }),
    { numRuns: 500 },
  );
});
