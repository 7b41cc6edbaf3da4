import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decidePool,
  freshMemory,
  type Pace,
  type PoolFacts,
  type PoolMember,
  type PoolMemory,
  type PoolRules,
  poolRules,
} from './pool.ts';

const nowMs = 1_000_000;
const rules: PoolRules = { min: 1, loadMax: 4, max: 4, idleStopMs: 60_000 };
const slow: Pace = { p50Ms: 40, baselineMs: 10, answered: 100 };
const brisk: Pace = { p50Ms: 12, baselineMs: 10, answered: 100 };

function ready(index: number, more: Partial<PoolMember> = {}): PoolMember {
  return { index, phase: 'ready', inFlight: 0, use: 'free', idleSinceTickMs: nowMs, ...more };
}
const busy = (index: number, inFlight = 8) =>
  ready(index, { inFlight, idleSinceTickMs: undefined });
const leased = (index: number) => ready(index, { use: 'leased', idleSinceTickMs: undefined });
const idle = (index: number, forMs: number) => ready(index, { idleSinceTickMs: nowMs - forMs });
const of = (index: number, phase: PoolMember['phase']): PoolMember => ({
  ...{ index, phase, inFlight: 0, use: 'free', idleSinceTickMs: undefined },
});
const overloaded: PoolMemory = { ...freshMemory, overloadedSinceTickMs: nowMs - 1_500 };

interface Case {
  readonly says: string;
  readonly facts: Partial<PoolFacts>;
  readonly memory?: PoolMemory;
  readonly decides: string;
}

const lazy = { ...rules, min: 0 };
const cases: readonly Case[] = [
  { says: 'nothing is asked', facts: { members: [ready(0)] }, decides: 'stay' },
  { says: 'fewer than min run', facts: { members: [] }, decides: 'grow 1' },
  {
    says: 'fewer than min run, and the rest is on its way',
    facts: { rules: { ...rules, min: 2 }, members: [ready(0), of(1, 'coming')] },
    decides: 'stay',
  },
  {
    says: 'one of min ended for good by its restart policy',
    facts: { rules: { ...rules, min: 2 }, members: [ready(0), of(1, 'failed')] },
    decides: 'stay',
  },
  {
    says: 'it sleeps and nobody calls',
    facts: { rules: lazy, members: [of(0, 'down')] },
    decides: 'stay',
  },
  {
    says: 'it sleeps and a call waits',
    facts: { rules: lazy, members: [of(0, 'down')], waiting: 1 },
    decides: 'grow 1',
  },
  {
    says: 'a hundred calls wake it',
    facts: { rules: lazy, members: [of(0, 'down')], waiting: 100 },
    decides: 'grow 1',
  },
  {
    says: 'it wakes already',
    facts: { rules: lazy, members: [of(0, 'coming')], waiting: 5 },
    decides: 'stay',
  },
  {
    says: 'a call comes while its only process ends, and there may be one',
    facts: { rules: { ...lazy, max: 1 }, members: [of(0, 'leaving')], waiting: 1 },
    decides: 'stay',
  },
  {
    says: 'three clients wait for one of their own, one is coming',
    facts: { members: [leased(0), of(1, 'coming')], leasesWanted: 3 },
    decides: 'grow 2',
  },
  {
    says: 'clients wait, and there is room for one',
    facts: { members: [leased(0), leased(1), leased(2)], leasesWanted: 3 },
    decides: 'grow 1',
  },
  {
    says: 'clients wait, and there is no room',
    facts: { members: [leased(0), leased(1), leased(2), leased(3)], leasesWanted: 3 },
    decides: 'stay',
  },
  {
    says: 'calls wait for any, and all belong to somebody',
    facts: { members: [leased(0)], waiting: 2 },
    decides: 'grow 1',
  },
  {
    says: 'one served a client that is gone',
    facts: { members: [ready(0), ready(1, { use: 'spent' })] },
    decides: 'retire 1',
  },
  {
    says: 'one that a client wanted failed, and the client waits no more',
    facts: { members: [ready(0), of(1, 'failed')] },
    decides: 'retire 1',
  },
  {
    says: 'one more died before it was ready, and nobody waits for it',
    facts: { members: [ready(0), of(1, 'stillborn')] },
    decides: 'retire 1',
  },
  {
    says: 'one more died before it was ready, and a client waits for it',
    facts: { members: [leased(0), of(1, 'stillborn')], leasesWanted: 1 },
    decides: 'stay',
  },
  {
    says: 'one more died before it was ready, and it is needed as much as the first',
    facts: { rules: { ...rules, min: 2 }, members: [ready(0), of(1, 'stillborn')] },
    decides: 'stay',
  },
  {
    says: 'one died before it was ready, and no other is',
    facts: { members: [of(0, 'coming'), of(1, 'stillborn')] },
    decides: 'stay',
  },
  {
    says: 'the only one failed',
    facts: { members: [of(0, 'failed')] },
    decides: 'stay',
  },
  {
    says: 'more run than may: the idle go before the busy, the leased last',
    facts: { rules: { ...rules, max: 2 }, members: [leased(0), busy(1), ready(2), ready(3)] },
    decides: 'retire 3,2',
  },
  {
    says: 'load began just now',
    facts: { members: [busy(0)], pace: slow },
    decides: 'stay',
  },
  {
    says: 'load lasts',
    facts: { members: [busy(0)], pace: slow },
    memory: overloaded,
    decides: 'grow 1',
  },
  {
    says: 'many calls are in flight, but each is as fast as alone',
    facts: { members: [busy(0, 50)], pace: brisk },
    memory: overloaded,
    decides: 'stay',
  },
  {
    says: 'calls are slow, but few at once',
    facts: { members: [busy(0, 2)], pace: slow },
    memory: overloaded,
    decides: 'stay',
  },
  {
    says: 'load lasts, and nothing at all is answered',
    facts: { members: [busy(0)], pace: { p50Ms: 0, baselineMs: 10, answered: 0 } },
    memory: overloaded,
    decides: 'grow 1',
  },
  {
    says: 'load lasts, one is on its way',
    facts: { members: [busy(0), of(1, 'coming')], pace: slow },
    memory: overloaded,
    decides: 'stay',
  },
  {
    says: 'load lasts, and max is reached',
    facts: { members: [busy(0), busy(1), busy(2), busy(3)], pace: slow },
    memory: overloaded,
    decides: 'stay',
  },
  {
    says: 'load lasts, and load may bring none',
    facts: { rules: { ...rules, loadMax: 1 }, members: [busy(0)], pace: slow },
    memory: overloaded,
    decides: 'stay',
  },
  {
    says: 'load lasts a second after it grew',
    facts: { members: [busy(0), busy(1)], pace: slow },
    memory: { ...overloaded, grownAtTickMs: nowMs - 1_000, rateBefore: 1 },
    decides: 'stay',
  },
  {
    says: 'load lasts, and the last newcomer brought half as much again',
    facts: { members: [busy(0), busy(1)], pace: { ...slow, answered: 150 } },
    memory: {
      ...overloaded,
      grownAtTickMs: nowMs - 5_000,
      rateBefore: 100,
      lookedAtTickMs: nowMs - 1_000,
    },
    decides: 'grow 1',
  },
  {
    says: 'load lasts, and the last newcomer brought nothing',
    facts: { members: [busy(0), busy(1)], pace: { ...slow, answered: 101 } },
    memory: {
      ...overloaded,
      grownAtTickMs: nowMs - 5_000,
      rateBefore: 100,
      lookedAtTickMs: nowMs - 1_000,
    },
    decides: 'stay',
  },
  {
    says: 'two have been idle for long: the longest goes first, one at a time',
    facts: { members: [idle(0, 70_000), idle(1, 90_000), busy(2, 1)] },
    decides: 'retire 1',
  },
  {
    says: 'one is idle, not yet for long',
    facts: { members: [busy(0, 1), idle(1, 59_000)] },
    decides: 'stay',
  },
  {
    says: 'the last of min is idle for ever',
    facts: { members: [idle(0, 9_000_000)] },
    decides: 'stay',
  },
  {
    says: 'the last is idle for long, and it may sleep',
    facts: { rules: lazy, members: [idle(0, 61_000)] },
    decides: 'sleep',
  },
  {
    says: 'somebody has it for himself, however idle',
    facts: { rules: lazy, members: [leased(0)] },
    decides: 'stay',
  },
];

function shortly(facts: Partial<PoolFacts>, memory: PoolMemory = freshMemory): string {
  const whole = { rules, members: [], waiting: 0, leasesWanted: 0, pace: undefined, ...facts };
  const { decision } = decidePool(whole, memory, nowMs);
  if (decision.kind === 'grow') return `grow ${decision.count}`;
  return decision.kind === 'retire' ? `retire ${decision.indexes.join()}` : decision.kind;
}

for (const { says, facts, memory, decides } of cases) {
  test(`${says}: ${decides}`, () => assert.equal(shortly(facts, memory), decides));
}

test('a pool at its smallest is not looked at by itself; one under load or too large is', () => {
  const again = (members: readonly PoolMember[], pace?: Pace) =>
    decidePool({ rules, members, waiting: 0, leasesWanted: 0, pace }, freshMemory, nowMs).againInMs;
  assert.equal(again([ready(0)]), undefined);
  assert.equal(again([busy(0)], brisk), 250);
  assert.equal(again([busy(0, 1), idle(1, 10_000)]), 50_000);
});

test('whatever is asked, a pool never grows above max, and never shrinks below min but for what is spent', () => {
  const member = fc.record({
    index: fc.nat(9),
    phase: fc.constantFrom(
      'ready' as const,
      'coming' as const,
      'stillborn' as const,
      'failed' as const,
      'leaving' as const,
    ),
    inFlight: fc.nat(20),
    use: fc.constantFrom('free' as const, 'leased' as const, 'spent' as const),
    idleSinceTickMs: fc.option(fc.integer({ min: 0, max: nowMs }), { nil: undefined }),
  });
  const members = fc.uniqueArray(member, { maxLength: 8, selector: ({ index }) => index });
  fc.assert(
    fc.property(
      members,
      fc.nat(5),
      fc.nat(5),
      fc.nat(3),
      fc.integer({ min: 3, max: 6 }),
      (...given) => {
        const [all, waiting, leasesWanted, min, max] = given;
        const facts = {
          ...{ rules: { min, max, loadMax: max, idleStopMs: 1_000 }, members: all },
          ...{ waiting, leasesWanted, pace: slow },
        };
        const { decision } = decidePool(facts, overloaded, nowMs);
        const alive = all.filter(({ phase }) => phase !== 'leaving');
        if (decision.kind === 'grow') assert.ok(all.length + decision.count <= max);
        if (decision.kind !== 'retire') return;
        const leaving = all.filter(({ index }) => decision.indexes.includes(index));
        if (leaving.some(({ use }) => use === 'spent')) return;
        assert.ok(alive.length - leaving.length >= Math.min(min, max));
      },
    ),
  );
});

const entry = { name: 'files', kind: 'stdio', port: undefined } as const;
const pool = { mode: 'auto', min: 1, max: undefined, idleStopMs: 5 } as const;
for (const { says, spec, fixed, gives } of [
  { says: 'without max', spec: { ...entry, pool }, fixed: undefined, gives: [1, 1, 8] },
  {
    says: 'with max',
    spec: { ...entry, pool: { ...pool, max: 4 } },
    fixed: undefined,
    gives: [1, 4, 4],
  },
  {
    says: 'scaled to 3',
    spec: { ...entry, pool: { ...pool, max: 4 } },
    fixed: 3,
    gives: [3, 3, 3],
  },
  {
    says: 'min 12',
    spec: { ...entry, pool: { ...pool, min: 12 } },
    fixed: undefined,
    gives: [12, 12, 12],
  },
  {
    says: 'min 0',
    spec: { ...entry, pool: { ...pool, min: 0 } },
    fixed: undefined,
    gives: [0, 1, 8],
  },
  {
    says: 'a fixed port',
    spec: { ...entry, port: 80, pool: { ...pool, max: 4 } },
    fixed: undefined,
    gives: [1, 1, 1],
  },
  {
    says: 'only connected to',
    spec: { ...entry, kind: 'remote' as const, pool: { ...pool, min: 0 } },
    fixed: undefined,
    gives: [0, 1, 8],
  },
  {
    says: 'a service',
    spec: { ...entry, kind: 'service' as const, pool: { ...pool, min: 2, max: 4 } },
    fixed: undefined,
    gives: [2, 2, 2],
  },
]) {
  test(`the rules of a server ${says}: min, by load, at most ${gives.join(', ')}`, () => {
    const { min, loadMax, max } = poolRules(spec, fixed);
    assert.deepEqual([min, loadMax, max], gives);
  });
}
