import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ProcessRow } from './processes.ts';
import { addTreeCpu, cpuPercent, type TreeCpu } from './tree-cpu.ts';

function row(pid: number, cpuTicks: number, startTime = '1'): ProcessRow {
  return {
    ...{ pid, cpuTicks, startTime, parentPid: 1, groupId: pid, sessionId: pid, state: 'S' },
    ...{ threads: 1, residentPages: 1 },
  };
}

for (const { says, looks, ticks } of [
  { says: 'nothing counts at the first look', looks: [[row(1, 500)]], ticks: 0 },
  { says: 'what was used since counts', looks: [[row(1, 500)], [row(1, 530)]], ticks: 30 },
  { says: 'a new child counts whole', looks: [[row(1, 5)], [row(1, 5), row(2, 40)]], ticks: 40 },
  {
    says: 'a child that ended takes nothing back',
    looks: [[row(1, 5), row(2, 40)], [row(1, 5), row(2, 90)], [row(1, 6)]],
    ticks: 51,
  },
  {
    says: 'a number that was given to another process counts that one whole',
    looks: [
      [row(1, 5), row(2, 900)],
      [row(1, 5), row(2, 7, '9')],
    ],
    ticks: 7,
  },
])
  test(says, () => {
    const cpu = looks.reduce<TreeCpu | undefined>(addTreeCpu, undefined);
    assert.equal(cpu?.ticks, ticks);
  });

test('the time of a tree never falls, whatever comes and goes', () => {
  const look = fc.uniqueArray(
    fc.record({ pid: fc.nat(5), ticks: fc.nat(1_000), start: fc.nat(2) }),
    { selector: ({ pid }) => pid },
  );
  fc.assert(
    fc.property(fc.array(look), (looks) => {
      let cpu: TreeCpu | undefined;
      for (const rows of looks) {
        const next = addTreeCpu(
          cpu,
          rows.map(({ pid, ticks, start }) => row(pid, ticks, String(start))),
        );
        assert.ok(next.ticks >= (cpu?.ticks ?? 0));
        cpu = next;
      }
    }),
  );
});

for (const { ticks, elapsedMs, percent } of [
  { ticks: 50, elapsedMs: 1_000, percent: 50 },
  { ticks: 1, elapsedMs: 30_000, percent: 0 },
  { ticks: 2, elapsedMs: 30_000, percent: 0.1 },
  { ticks: 400, elapsedMs: 1_000, percent: 400 },
  { ticks: -3, elapsedMs: 1_000, percent: 0 },
  { ticks: 3, elapsedMs: 0, percent: undefined },
  { ticks: 3, elapsedMs: -5, percent: undefined },
])
  test(`${ticks} ticks in ${elapsedMs} ms are ${percent} %`, () =>
    assert.equal(cpuPercent(ticks, elapsedMs), percent));
