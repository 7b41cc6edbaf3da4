import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Panel } from './panels.ts';
import { slowedOf } from './slowed.ts';

const usual = Array.from({ length: 30 }, () => 60);
const latency = (values: readonly (number | null)[]): Panel => ({
  ...{ name: 'latency', unit: 'ms', isLog: true, atMs: values.map((_, index) => index) },
  lines: [{ label: 'p95', values, look: 'bold' }],
});

const rows = [
  { what: 'as usual', values: usual, since: undefined },
  { what: 'one slow call at the end', values: [...usual, 600], since: undefined },
  { what: 'a slow hour that is over', values: [...usual, 180, 180, 180, 60], since: undefined },
  { what: 'three times as slow for a while', values: [...usual, 180, 190, 170], since: 30 },
  { what: 'slow with a gap in it', values: [...usual, 180, null, 190, 170], since: 30 },
  { what: 'too little to tell', values: [60, 60, 60, 180, 180, 180], since: undefined },
];
for (const { what, values, since } of rows) {
  test(`latency that is ${what} is ${since === undefined ? 'no news' : 'told with its begin'}`, () => {
    assert.equal(slowedOf(latency(values))?.sinceMs, since);
  });
}

test('how much slower is told against the median', () => {
  const slowed = slowedOf(latency([...usual, 180, 180, 180]));
  assert.deepEqual([slowed?.times, slowed?.usualMs, slowed?.nowMs], [3, 60, 180]);
});
