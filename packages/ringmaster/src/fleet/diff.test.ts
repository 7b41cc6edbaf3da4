import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffFleets, sameValue, settingsNeedingRestart } from './diff.ts';
import type { ServerEntryInput } from './schema.ts';
import { fleetOf } from './testing/fleet-of.ts';

const before: ServerEntryInput = { command: 'node', args: ['a'], env: { A: '1', B: '2' } };
const rows: { after: ServerEntryInput; effect?: 'restart' | 'live'; why?: string }[] = [
  { after: before },
  { after: { ...before, env: { B: '2', A: '1' } } },
  { after: { ...before, command: 'deno' }, effect: 'restart', why: 'command changed' },
  { after: { ...before, args: ['a', 'b'] }, effect: 'restart', why: 'args changed' },
  { after: { ...before, env: { A: 'secret' } }, effect: 'restart', why: 'env changed' },
  { after: { ...before, cwd: 'x', port: 1 }, effect: 'restart', why: 'cwd, port changed' },
  { after: { ...before, era: 'legacy' }, effect: 'restart', why: 'era changed' },
  { after: { ...before, limits: { maxInFlight: 3 } }, effect: 'live', why: 'limits changed' },
  { after: { ...before, description: 'x' }, effect: 'live', why: 'description changed' },
  { after: { ...before, health: { failAfter: 9 } }, effect: 'live', why: 'health changed' },
  {
    after: { ...before, stop: { graceMs: 1 }, url: 'http://x' },
    effect: 'restart',
    why: 'kind, url changed',
  },
];
for (const { after, effect, why } of rows) {
  test(`to ${JSON.stringify(after)} is ${effect === undefined ? 'no change' : `${effect}: ${why}`}`, () => {
    const changes = diffFleets(
      fleetOf({ servers: { a: before } }),
      fleetOf({ servers: { a: after } }),
    );
    if (effect === undefined) return assert.deepEqual(changes, []);
    assert.equal(changes.length, 1);
    assert.equal(changes[0]?.effect, effect);
    assert.equal(changes[0]?.why, why);
    assert.equal(changes[0]?.change, 'changed');
  });
}

test('servers that came and went are named, those that went first', () => {
  const changes = diffFleets(
    fleetOf({ servers: { a: before, b: before } }),
    fleetOf({ servers: { c: before, b: before } }),
  );
  assert.deepEqual(
    changes.map(({ server, change }) => `${change} ${server}`),
    ['removed a', 'added c'],
  );
});

test('a change of the address is told as one that needs a new daemon', () => {
  const after = fleetOf({ fleet: 'other', listen: { port: 1 } });
  assert.deepEqual(settingsNeedingRestart(fleetOf({}), after), ['fleet', 'listen.port']);
});

test('values are compared by content; an absent key equals an undefined one', () => {
  assert.ok(sameValue({ a: [1, { b: 2 }], c: undefined }, { a: [1, { b: 2 }] }));
  assert.ok(!sameValue([1, 2], { 0: 1, 1: 2 }));
  assert.ok(!sameValue({ a: 1 }, { b: 1 }));
  assert.ok(!sameValue(null, {}));
});
