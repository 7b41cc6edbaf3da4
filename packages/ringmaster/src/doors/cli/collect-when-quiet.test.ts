import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectGarbage, createRestWatch } from './collect-when-quiet.ts';

/** CPU used so far at each look, 5 s apart, and the looks that collect. */
const rows: readonly {
  readonly what: string;
  readonly cpuMs: readonly number[];
  readonly collects: readonly number[];
}[] = [
  { what: 'a start is followed by two', cpuMs: [900, 910, 920, 930, 940], collects: [1, 2] },
  { what: 'nothing is collected while there is work', cpuMs: [900, 1_500, 2_000], collects: [] },
  { what: 'work between the two puts it off', cpuMs: [900, 910, 1_100, 1_110], collects: [1, 3] },
  {
    what: 'work is followed by two more',
    cpuMs: [0, 0, 0, 3_000, 3_010, 3_020, 3_030],
    collects: [0, 1, 4, 5],
  },
  {
    what: 'little work is none, however long',
    cpuMs: [900, 910, 920, ...Array.from({ length: 20 }, (_, at) => 1_300 + 400 * at), 9_000],
    collects: [1, 2],
  },
  { what: 'so is a start of little', cpuMs: [100, 110, 120, 130, 140], collects: [1, 2] },
];
for (const { what, cpuMs, collects } of rows) {
  test(what, () => {
    const collected: number[] = [];
    let at = 0;
    const look = createRestWatch({
      cpuMs: () => cpuMs[at] ?? 0,
      heapBytes: () => 0,
      collect: () => collected.push(at),
    });
    for (at = 0; at < cpuMs.length; at += 1) look((at + 1) * 5_000);
    assert.deepEqual(collected, collects);
  });
}

test('what a long rest leaves is collected when it is much', () => {
  const heapMegabytes = [30, 20, 19, 22, 26, 27.5, 20, 24, 28.5, 19];
  const collected: number[] = [];
  let at = 0;
  const look = createRestWatch({
    cpuMs: () => 900 + at,
    heapBytes: () => (heapMegabytes[at] ?? 0) * 1_048_576,
    collect: () => collected.push(at),
  });
  for (at = 0; at < heapMegabytes.length; at += 1) look((at + 1) * 5_000);
  assert.deepEqual(collected, [1, 2, 5]);
});

for (const of of ['start', 'work'] as const)
  test(`what nobody refers to any more is gone after a collection (${of})`, () => isCollected(of));

function isCollected(of: 'start' | 'work'): Promise<void> {
  const dropped = new WeakRef({ bulk: new Array(1_000_000).fill(0) });
  return new Promise<void>((resolve, reject) => {
    // A weak reference holds its object until the end of the turn that made it.
    setImmediate(() => {
      collectGarbage(of);
      if (dropped.deref() === undefined) resolve();
      else reject(new Error('It is still there'));
    });
  });
}
