import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serversOfProfile } from './profiles.ts';
import { findCycle, startOrder, stopOrder } from './start-order.ts';
import { fleetOf } from './testing/fleet-of.ts';

const of = (graph: Record<string, string[]>) =>
  Object.entries(graph).map(([name, dependsOn]) => ({ name, dependsOn }));

const rows: { graph: Record<string, string[]>; levels: string[][] }[] = [
  { graph: {}, levels: [] },
  { graph: { a: [], b: [] }, levels: [['a', 'b']] },
  { graph: { a: ['b'], b: ['c'], c: [] }, levels: [['c'], ['b'], ['a']] },
  { graph: { web: ['db', 'cache'], db: [], cache: ['db'] }, levels: [['db'], ['cache'], ['web']] },
  { graph: { a: ['elsewhere'] }, levels: [['a']] },
  { graph: { a: ['b'], b: ['a'], c: [] }, levels: [['c'], ['a', 'b']] },
];
for (const { graph, levels } of rows) {
  test(`${JSON.stringify(graph)} starts as ${JSON.stringify(levels)}`, () => {
    assert.deepEqual(startOrder(of(graph)), levels);
    assert.deepEqual(stopOrder(of(graph)), [...levels].reverse());
  });
}

test('a circle is found and named in order, also behind other servers', () => {
  assert.deepEqual(findCycle(of({ x: ['a'], a: ['b'], b: ['a'] })), ['a', 'b', 'a']);
  assert.equal(findCycle(of({ a: ['b', 'c'], b: ['c'], c: [] })), undefined);
});

test('a long chain of dependencies is no deep recursion', () => {
  const chain = Array.from({ length: 5_000 }, (_, index) => ({
    name: `s${index}`,
    dependsOn: index === 0 ? ['s4999'] : [`s${index - 1}`],
  }));
  assert.equal(findCycle(chain)?.length, 5_001);
});

const fleet = fleetOf({
  servers: {
    web: { command: 'w', dependsOn: ['db'] },
    db: { command: 'd' },
    old: { command: 'o', enabled: false },
    extra: { command: 'e' },
  },
  profiles: { basic: ['web', 'old'], full: 'all' },
});
const profiles: { profile: string | undefined; names: string[] | undefined }[] = [
  { profile: undefined, names: ['web', 'db', 'extra'] },
  { profile: 'full', names: ['web', 'db', 'extra'] },
  { profile: 'basic', names: ['web', 'db'] },
  { profile: 'nope', names: undefined },
  { profile: 'constructor', names: undefined },
];
for (const { profile, names } of profiles) {
  test(`the profile ${profile ?? '(none)'} has ${names?.join(', ') ?? 'no meaning'}`, () => {
    assert.deepEqual(
      serversOfProfile(fleet, profile)?.map((server) => server.name),
      names,
    );
  });
}
