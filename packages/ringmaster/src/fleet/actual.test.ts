import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actualServers } from './actual.ts';
import { resolveFleet } from './resolve.ts';
import { fleetFileSchema } from './schema.ts';

const resolved = resolveFleet(
  fleetFileSchema.parse({ servers: { files: { command: 'x' }, search: { command: 'y' } } }),
  { revision: 1, baseDir: '/' },
);
assert.ok(resolved.ok);
const { fleet } = resolved;

function see(
  instances: Parameters<typeof actualServers>[0]['instances'],
  decided: Readonly<Record<string, string>> = {},
) {
  const specOf = (server: string) => fleet.servers.find(({ name }) => name === server);
  const servers = actualServers({
    ...{ fleet, instances, specOf },
    decided: new Map(Object.entries(decided)),
  });
  return servers.map(({ name, state, stoppedByPerson, startedByPerson }) => ({
    ...{ name, state, stoppedByPerson, startedByPerson },
  }));
}

test('nothing runs and nobody decided anything: nothing is known', () => {
  assert.deepEqual(see([]), []);
});

test('what a person stopped in an earlier life is known before anything runs', () => {
  assert.deepEqual(see([], { files: 'stopped', gone: 'stopped' }), [
    { name: 'files', state: 'stopped', stoppedByPerson: true, startedByPerson: false },
  ]);
});

test('of a pool, the instance that runs is seen', () => {
  const pool = (['ready', 'stopped', 'stopping'] as const).map((state) => ({
    ...{ server: 'files', wanted: 'running' as const, state },
  }));
  for (const instances of [pool, [...pool].reverse()])
    assert.deepEqual(see(instances, { files: 'running' }), [
      { name: 'files', state: 'ready', stoppedByPerson: false, startedByPerson: true },
    ]);
});
