import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  busyPercent,
  parseLoad,
  parseMachineTicks,
  parseMemory,
  parsePssBytes,
  parseTcpSockets,
} from './proc-files.ts';

const stat = `cpu  100 5 40 800 30 1 4 20 7 0
cpu0 100 5 40 800 30 1 4 20 7 0
intr 4954886 0 0
`;

test('a core is busy when it is neither idle nor waits for a disk', () => {
  assert.deepEqual(parseMachineTicks(stat), { busyTicks: 170, totalTicks: 1_000 });
});

const at = (busyTicks: number, totalTicks: number) => ({ busyTicks, totalTicks });
for (const row of [
  { says: 'half of the time', before: at(10, 100), now: at(60, 200), percent: 50 },
  { says: 'all of the time', before: at(10, 100), now: at(110, 200), percent: 100 },
  { says: 'a first look', before: undefined, now: at(60, 200), percent: undefined },
  { says: 'no look', before: at(10, 100), now: undefined, percent: undefined },
  { says: 'no time between', before: at(10, 100), now: at(10, 100), percent: undefined },
  { says: 'counters that went back', before: at(60, 200), now: at(10, 300), percent: undefined },
])
  test(`busy: ${row.says} → ${row.percent}`, () =>
    assert.equal(busyPercent(row.before, row.now), row.percent));

test('memory that caches hold is not used', () => {
  const text = `MemTotal:        4000 kB
MemFree:          100 kB
MemAvailable:    3000 kB
SwapCached:         7 kB
SwapTotal:        500 kB
SwapFree:         450 kB
`;
  assert.deepEqual(parseMemory(text), {
    memoryTotalBytes: 4_096_000,
    memoryUsedBytes: 1_024_000,
    swapUsedBytes: 51_200,
  });
});

test('proportional memory is told from its parts', () => {
  const text = `00400000-7ffc [rollup]
Rss:               41968 kB
Pss_Dirty:          6704 kB
Pss:                7639 kB
`;
  assert.equal(parsePssBytes(text), 7_639 * 1_024);
});

for (const [says, found, wanted] of [
  ['IPv4 sockets', parseTcpSockets('sockets: used 61\nTCP: inuse 22 orphan 0 tw 718\n'), 22],
  ['IPv6 sockets', parseTcpSockets('TCP6: inuse 3\nUDP6: inuse 0\n'), 3],
  ['the load', parseLoad('0.42 0.36 0.31 2/345 6789\n'), 0.42],
  ['no sockets', parseTcpSockets(''), undefined],
  ['no load', parseLoad(''), undefined],
  ['no memory', parseMemory('MemTotal: 1 kB\n'), undefined],
  ['no proportional memory', parsePssBytes('Rss: 1 kB\n'), undefined],
  ['no cores', parseMachineTicks('cpu0 1 2 3 4 5\n'), undefined],
  ['words instead of numbers', parseMachineTicks('cpu  a b c d e\n'), undefined],
] as const)
  test(`${says}: ${wanted}`, () => assert.equal(found, wanted));
