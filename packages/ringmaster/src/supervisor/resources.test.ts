import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  describeExcess,
  judgeUse,
  type LooksAbove,
  noLooksAbove,
  type ResourceUse,
} from './resources.ts';

const calm: ResourceUse = { memoryBytes: 10, cpuPercent: 1, processes: 1 };
const limits = { memoryBytes: 100, cpuPercent: 50, processes: 4 };

function actionsAt(uses: readonly Partial<ResourceUse>[]): (string | undefined)[] {
  let above: LooksAbove = noLooksAbove;
  return uses.map((use) => {
    const judged = judgeUse(limits, { ...calm, ...use }, above);
    above = judged.above;
    return judged.found[0]?.action;
  });
}

for (const [what, uses, actions] of [
  ['at its limit nothing happens', [{ memoryBytes: 100 }], [undefined]],
  [
    'above it: told, then restarted',
    Array(4).fill({ memoryBytes: 101 }),
    ['told', undefined, 'restarted', 'restarted'],
  ],
  [
    'a moment above it is only told',
    [{ processes: 5 }, {}, { processes: 5 }],
    ['told', undefined, 'told'],
  ],
  ['twice its limit: killed at once', [{ memoryBytes: 200 }], ['killed']],
] as const)
  test(`a server ${what}`, () => assert.deepEqual(actionsAt(uses), actions));

test('a server that computes half a minute is told of once, and goes on', () => {
  const actions = actionsAt(Array(100).fill({ cpuPercent: 190 }));
  assert.deepEqual(actions.filter(Boolean), ['told']);
  assert.equal(actions.indexOf('told'), 29);
});

test('what is not limited is not judged', () => {
  const use = { memoryBytes: 1e12, cpuPercent: 1e4, processes: 1e4 };
  assert.deepEqual(judgeUse({}, use, noLooksAbove).found, []);
});

test('an excess says what was found and what is allowed', () => {
  const excess = { resource: 'memoryBytes', value: 6.2e8, limit: 5e8, action: 'told' } as const;
  assert.equal(
    describeExcess(excess),
    'used 620 MB of memory, resources.memoryBytes allows 500 MB',
  );
});
