import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  kinOf,
  type ProcessRow,
  parseProcessStat,
  readProcessFigures,
  treesOf,
} from './processes.ts';

test('the name of a command may hold spaces and parentheses', () => {
  const row = parseProcessStat(
    '42 (a) b (c) S 7 40 39 0 -1 4194560 1 0 0 0 12 30 0 0 20 0 5 0 9981 1000 250 18446744073709551615 1 1',
  );
  assert.deepEqual(row, {
    pid: 42,
    state: 'S',
    parentPid: 7,
    groupId: 40,
    sessionId: 39,
    cpuTicks: 42,
    threads: 5,
    startTime: '9981',
    residentPages: 250,
  });
});

const oddStat =
  '42 (a) b (c) S 7 40 39 0 -1 4194560 1 0 0 0 12 30 0 0 20 0 5 0 9981 1000 250 18446744073709551615 1 1';

for (const { says, text, startTime, figures } of [
  { says: 'the same process', text: oddStat, startTime: '9981', figures: [42, 5, 250] },
  { says: 'a later process of that number', text: oddStat, startTime: '9980', figures: undefined },
  {
    says: 'a dead process',
    text: oddStat.replace(') S', ') Z'),
    startTime: '9981',
    figures: undefined,
  },
  { says: 'no text', text: '', startTime: '9981', figures: undefined },
  { says: 'a torn text', text: '42 (a) S 1 2', startTime: '9981', figures: undefined },
])
  test(`figures read from bytes: ${says}`, () => {
    const found = readProcessFigures(Buffer.from(text), { pid: 42, startTime });
    assert.deepEqual(found && [found.cpuTicks, found.threads, found.residentPages], figures);
  });

test('text that is no process row gives none', () => {
  for (const text of ['', '12', '12 (x', '12 (x) S 1 2'])
    assert.equal(parseProcessStat(text), undefined);
});

function row(pid: number, parentPid: number, sessionId: number, state = 'S'): ProcessRow {
  return {
    ...{ pid, parentPid, sessionId, state },
    groupId: sessionId,
    startTime: '1',
    cpuTicks: 0,
    threads: 1,
    residentPages: 1,
  };
}

test('a tree holds descendants, and orphans of its session, but no zombies', () => {
  const rows = [
    row(10, 1, 10),
    row(11, 10, 10),
    row(12, 11, 12),
    row(13, 1, 10),
    row(14, 10, 10, 'Z'),
    row(20, 1, 20),
  ];
  const trees = treesOf([10, 20], rows);
  assert.deepEqual(
    trees.get(10)?.map(({ pid }) => pid),
    [10, 11, 12, 13],
  );
  assert.deepEqual(
    trees.get(20)?.map(({ pid }) => pid),
    [20],
  );
});

test('a circle of parents in a torn snapshot does not hang', () => {
  assert.deepEqual(treesOf([99], [row(1, 2, 1), row(2, 1, 2)]).get(99), []);
});

test('a member that was seen stays one when its parents are gone, with its children and session', () => {
  const rows = [row(10, 1, 10), row(12, 1, 12), row(13, 12, 12), row(14, 1, 12), row(20, 1, 20)];
  const pids = (startTime: string) =>
    treesOf([10], rows, new Map([[10, [{ pid: 12, startTime }]]]))
      .get(10)
      ?.map(({ pid }) => pid);
  assert.deepEqual(pids('1'), [10, 12, 13, 14]);
  assert.deepEqual(pids('2'), [10], 'its number is a stranger’s now');
});

test('kin never reaches those who run us, whatever is taken for a member', () => {
  const rows = [row(1, 0, 1), row(5, 1, 5), row(6, 5, 5), row(10, 6, 10), row(12, 1, 12)];
  const kin = (known: readonly number[]) =>
    kinOf(
      known.map((pid) => ({ pid, startTime: '1' })),
      rows,
      6,
    ).map(({ pid }) => pid);
  assert.deepEqual(kin([0]), []);
  assert.deepEqual(kin([1]), []);
  assert.deepEqual(kin([5, 6]), []);
  assert.deepEqual(kin([10, 12]), [10, 12]);
});

test('a known number that another process has got since brings nobody in', () => {
  const rows = [row(6, 1, 6), row(12, 1, 12), row(13, 12, 12), row(14, 1, 99)];
  const kin = (pid: number, startTime: string) =>
    kinOf([{ pid, startTime }], rows, 6).map((one) => one.pid);
  assert.deepEqual(kin(12, '2'), []);
  assert.deepEqual(kin(12, '1'), [12, 13]);
  assert.deepEqual(kin(99, '2'), [14], 'a session outlives the process it is called by');
});
