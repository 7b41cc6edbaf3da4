import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWorkWatch } from './optimize-at-work.ts';

const times = (count: number, usedMs: number) => Array.from({ length: count }, () => usedMs);

/** CPU used from look to look, a second apart, and the looks at which V8 is told. */
const rows: readonly {
  readonly what: string;
  readonly usedMs: readonly number[];
  readonly told: readonly (readonly [look: number, isWanted: boolean])[];
}[] = [
  { what: 'a start is no work', usedMs: [900, 900, 900, 900, 10, 10], told: [] },
  { what: 'work is told when it is worth it', usedMs: [900, 10, 200, 200, 9], told: [[3, true]] },
  { what: 'a burst is told at once', usedMs: [900, 10, 1_500], told: [[2, true]] },
  { what: 'a collection of garbage now and then is none', usedMs: [9, 250, 9, 250, 9], told: [] },
  { what: 'a rest has no work in it', usedMs: [9, ...times(100, 45)], told: [] },
  {
    what: 'work ends with a minute of rest',
    usedMs: [9, 900, ...times(59, 9), 200, ...times(61, 9)],
    told: [
      [1, true],
      [121, false],
    ],
  },
  { what: 'whoever is never at rest works', usedMs: times(40, 900), told: [[30, true]] },
];
for (const { what, usedMs, told } of rows)
  test(what, () => {
    const heard: (readonly [number, boolean])[] = [];
    let at = 0;
    let cpuMs = 0;
    const look = createWorkWatch({
      nowMs: 0,
      cpuMs: () => cpuMs,
      optimize: (isWanted) => heard.push([at, isWanted]),
    });
    for (at = 0; at < usedMs.length; at += 1) {
      cpuMs += usedMs[at] ?? 0;
      look((at + 1) * 1_000);
    }
    assert.deepEqual(heard, told);
  });
