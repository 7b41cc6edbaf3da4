import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AdviceSpec, adviceOf } from './advice.ts';
import type { Figures, ServerFigures } from './figures.ts';

const dayMs = 86_400_000;
const calm: ServerFigures = {
  ...{ server: 'files', deaths: 0, calls: { calls: 100, failed: 0, p95Ms: 20 } },
  budget: {
    ...{ upMs: dayMs, downMs: 0, unwantedMs: 0, unknownMs: 0, availabilityPercent: 100 },
    ...{ objectivePercent: 99.5, allowedMs: 432_000, spentShare: 0, state: 'met' },
  },
};
const plain: AdviceSpec = {
  ...{ server: 'files', canSleep: true, poolMin: 1, poolMax: undefined },
  ...{ canGrow: true, memoryLimitBytes: undefined },
};

function advise(found: Partial<ServerFigures>, spec: Partial<AdviceSpec> = {}) {
  const figures: Figures = {
    ...{ fromMs: 0, toMs: dayMs, stepMs: 60_000, knownMs: dayMs, machine: {}, calls: calm.calls },
    servers: [{ ...calm, ...found }],
  };
  const all = adviceOf(figures, [{ ...plain, ...spec }]);
  return all.map(({ kind, change }) => [kind, change?.patch]);
}

const slow = { calls: { calls: 20, failed: 0, p95Ms: 5_001 } };
const memory = (max: number) => ({ memoryBytes: { samples: 9, mean: max, max, last: max } });

for (const { title, found, spec, expected } of [
  { title: 'a calm server gets none', found: {}, expected: [] },
  { title: 'a slow one may grow', found: slow, expected: [['slow', { pool: { max: 2 } }]] },
  {
    title: 'one that grows already, by one more',
    ...{ found: slow, spec: { poolMin: 2, poolMax: 4 } },
    expected: [['slow', { pool: { max: 5 } }]],
  },
  {
    title: 'of one that can only be one, no size is said',
    ...{ found: slow, spec: { canGrow: false }, expected: [['slow', undefined]] },
  },
  {
    title: 'of one that is as large as the fleet file takes, no size is said',
    ...{ found: slow, spec: { poolMax: 64 } },
    expected: [['slow', undefined]],
  },
  {
    title: 'nineteen slow calls are no ground',
    found: { calls: { ...slow.calls, calls: 19 } },
    expected: [],
  },
  {
    title: 'nobody called it for a day: it may sleep',
    found: { calls: { calls: 0, failed: 0 } },
    expected: [['unused', { pool: { min: 0 } }]],
  },
  {
    title: 'near its limit of memory, a quarter more is offered',
    ...{ found: memory(90e6), spec: { memoryLimitBytes: 100e6 } },
    expected: [['limitNear', { resources: { memoryBytes: 125e6 } }]],
  },
  {
    title: 'below nine tenths of its limit nothing is offered',
    ...{ found: memory(89e6), spec: { memoryLimitBytes: 100e6 }, expected: [] },
  },
  { title: 'without a limit there is none to be near', found: memory(9e15), expected: [] },
  {
    title: 'failing and missing its objective is told, worst first, without a setting',
    found: {
      calls: { calls: 100, failed: 6 },
      ...{ deaths: 3, budget: { ...calm.budget, state: 'missed' as const } },
    },
    expected: [
      ['objectiveMissed', undefined],
      ['oftenDead', undefined],
      ['oftenFailing', undefined],
    ],
  },
] as {
  title: string;
  found: Partial<ServerFigures>;
  spec?: Partial<AdviceSpec>;
  expected: unknown;
}[]) {
  test(`advice: ${title}`, () => assert.deepEqual(advise(found, spec), expected));
}

test('advice: of less than an hour it says so, and only what is certain at once stands beside it', () => {
  const percent = (value: number) => ({ samples: 3, mean: value, max: value, last: value });
  const machine = { cpuPercent: percent(96), memoryPercent: percent(96), diskPercent: percent(96) };
  const range = { fromMs: 0, toMs: dayMs, stepMs: 60_000, calls: calm.calls, servers: [], machine };
  const kindsAt = (knownMs: number) =>
    adviceOf({ ...range, knownMs }, []).map(({ kind, values }) => [kind, values['knownMs']]);
  const busy = ['machineBusy', 'memoryShort', 'diskShort'].map((kind) => [kind, undefined]);
  assert.deepEqual(kindsAt(3_600_000), busy);
  assert.deepEqual(kindsAt(3_599_999), [
    ['diskShort', undefined],
    ['tooLittle', 3_599_999],
  ]);
});
