import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSettled } from './start-watch.ts';
import { view } from './testing/stand-in.ts';

const lastDeath = { atMs: 1, exit: { kind: 'exited', code: 0 }, lastLines: [], why: '' } as const;

for (const row of [
  { wanted: 'running', state: 'ready', settled: true },
  { wanted: 'running', state: 'failed', settled: true },
  { wanted: 'running', state: 'starting', settled: false },
  { wanted: 'running', state: 'waiting', settled: false },
  { wanted: 'running', state: 'sick', settled: false },
  { wanted: 'running', state: 'stopped', settled: false },
  { wanted: 'stopped', state: 'stopped', settled: true },
  { wanted: 'stopped', state: 'stopping', settled: false },
  { wanted: 'stopped', state: 'failed', settled: true },
] as const) {
  test(`a server that is ${row.state} while ${row.wanted} is wanted: settled ${row.settled}`, () => {
    const { wanted, state } = row;
    assert.equal(isSettled(view('a', { wanted, state })), row.settled);
  });
}

test('a server that ended and is not to be started again has settled', () => {
  assert.equal(
    isSettled(view('a', { state: 'stopped', lastDeath: { ...lastDeath, lastLines: [] } })),
    true,
  );
});
