import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { InstanceState } from './instance.ts';
import { type Cell, type Effect, instanceTable, isRunning, type Signal } from './instance-table.ts';

const states = Object.keys(instanceTable) as InstanceState[];
const signals = Object.keys(instanceTable.stopped) as Signal[];

/** States that end by themselves, and so must have a deadline. */
const passing: readonly InstanceState[] = ['starting', 'sick', 'stopping', 'waiting', 'failed'];

function walk(path: readonly Signal[]) {
  let state: InstanceState = 'stopped';
  let isArmed = false;
  const seen: Effect[] = [];
  for (const signal of path) {
    const cell: Cell = instanceTable[state][signal];
    if (typeof cell === 'string') continue;
    for (const effect of cell.effects) {
      if (effect === 'arm') isArmed = true;
      if (effect === 'clear') isArmed = false;
      seen.push(effect);
    }
    state = cell.to;
    // Leaving by a stop or a deadline consumes the deadline that was armed.
    if (state === 'stopped') isArmed = false;
  }
  return { state, isArmed, seen };
}

test('the table has a cell for each of 8 states and 12 signals', () => {
  assert.equal(states.length, 8);
  for (const state of states) assert.deepEqual(Object.keys(instanceTable[state]), signals);
  assert.equal(signals.length, 12);
});

test('whatever happens, a state that must end has a deadline', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...signals), { maxLength: 40 }), (path) => {
      const { state, isArmed } = walk(path);
      return passing.includes(state) ? isArmed : true;
    }),
  );
});

test('a process is only started where none can exist', () => {
  for (const state of states)
    for (const signal of signals) {
      const cell = instanceTable[state][signal];
      if (typeof cell === 'string' || !cell.effects.includes('spawn')) continue;
      assert.equal(isRunning(state), false, `${state} on ${signal}`);
    }
});

test('a stop ends in stopped from everywhere, once the process is gone', () => {
  for (const state of states) {
    const cell = instanceTable[state].stop;
    const next = typeof cell === 'string' ? state : cell.to;
    if (next === 'stopped') continue;
    assert.equal(next, 'stopping', state);
    const end = instanceTable.stopping.diedAsAsked;
    assert.deepEqual(end, { to: 'stopped', effects: ['clear', 'withdraw'] });
  }
});

test('failed is no grave: its deadline starts the server again', () => {
  assert.deepEqual(instanceTable.failed.deadline, { to: 'starting', effects: ['spawn', 'arm'] });
});
