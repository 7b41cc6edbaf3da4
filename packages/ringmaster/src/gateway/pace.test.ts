import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPaceMeter } from './pace.ts';

test('the middle of all calls is told beside that of calls that were alone, and begins anew at each reading', () => {
  const meter = createPaceMeter();
  assert.equal(meter.read(), undefined);
  for (let count = 0; count < 10; count += 1) meter.note(8, true);
  for (let count = 0; count < 100; count += 1) meter.note(64, false);
  assert.deepEqual(meter.read(), { p50Ms: 64, baselineMs: 8, answered: 110 });
  assert.deepEqual(meter.read(), { p50Ms: 0, baselineMs: 8, answered: 0 });
  for (let count = 0; count < 5; count += 1) meter.note(16, false);
  assert.deepEqual(meter.read(), { p50Ms: 16, baselineMs: 8, answered: 5 });
});

test('where no call was ever alone the best reading is the baseline', () => {
  const meter = createPaceMeter();
  meter.note(32, false);
  assert.equal(meter.read()?.baselineMs, 32);
  meter.note(128, false);
  assert.deepEqual(meter.read(), { p50Ms: 128, baselineMs: 32, answered: 1 });
});

test('calls of no time and of hours have their place too', () => {
  const meter = createPaceMeter();
  meter.note(0, true);
  assert.equal(meter.read()?.p50Ms, 0);
  meter.note(1e9, false);
  assert.equal(meter.read()?.p50Ms, 65_536);
});

test('a server that became slow for good is not compared with its youth for ever', () => {
  const meter = createPaceMeter();
  for (let count = 0; count < 500; count += 1) meter.note(1, true);
  for (let count = 0; count < 5_000; count += 1) meter.note(256, true);
  assert.equal(meter.read()?.baselineMs, 256);
});
