import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overallOf, percentCheck, serverCheck } from './health.ts';

for (const [results, overall] of [
  [['pass', 'pass'], 'healthy'],
  [['pass', 'warn'], 'degraded'],
  [['warn', 'fail'], 'unhealthy'],
  [[], 'healthy'],
] as const) {
  test(`${results.join(', ') || 'nothing'} together is ${overall}`, () => {
    assert.equal(overallOf(results.map((result) => ({ result }))), overall);
  });
}

for (const [percent, result] of [
  [79.9, 'pass'],
  [80, 'warn'],
  [89.9, 'warn'],
  [90, 'fail'],
  [undefined, 'warn'],
] as const) {
  test(`a machine figure of ${percent} per cent is a ${result}`, () => {
    assert.equal(percentCheck('disk', percent, 2).result, result);
  });
}

test('a daemon that just started is not degraded for what it cannot know yet, and says so', () => {
  for (const samples of [0, 1]) {
    const { result, told } = percentCheck('cpu', undefined, samples);
    assert.deepEqual([result, told.en], ['pass', 'not measured yet']);
  }
});

for (const [state, wanted, result] of [
  ['ready', 'running', 'pass'],
  ['asleep', 'running', 'pass'],
  ['starting', 'running', 'warn'],
  ['sick', 'running', 'warn'],
  ['waiting', 'running', 'fail'],
  ['failed', 'running', 'fail'],
  ['stopped', 'stopped', undefined],
] as const) {
  test(`a server that is ${state} and wanted ${wanted} is ${result ?? 'left out'}`, () => {
    assert.equal(serverCheck({ server: 'files', state, wanted, why: '' })?.result, result);
  });
}
