import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeReader, tooMuchUnread } from './slow-readers.ts';

const MiB = 1_048_576;

for (const row of [
  { what: 'nothing waits for it', unread: 0, took: 0, afterMs: 600_000, cut: false },
  { what: 'it moves on', unread: MiB, took: 16_384, afterMs: 600_000, cut: false },
  { what: 'it took nothing for a moment', unread: 1, took: 0, afterMs: 60_000, cut: false },
  { what: 'it took nothing for a minute', unread: 1, took: 0, afterMs: 60_001, cut: true },
  {
    what: 'much waits and may take its time',
    unread: 20 * MiB,
    took: 0,
    afterMs: 379_999,
    cut: false,
  },
  {
    what: 'much waits, and its time is over',
    unread: 20 * MiB,
    took: 0,
    afterMs: 380_000,
    cut: true,
  },
  { what: 'it takes a byte a second', unread: MiB, took: 76, afterMs: 76_000, cut: true },
])
  test(`a client is ${row.cut ? '' : 'not '}cut off when ${row.what}`, () => {
    const first = judgeReader({ unreadBytes: row.unread, takenBytes: 100 }, undefined, 1_000);
    assert.equal(first.cut, undefined);
    const later = { unreadBytes: row.unread, takenBytes: 100 + row.took };
    const { cut } = judgeReader(later, first.slowness, 1_000 + row.afterMs);
    assert.equal(cut !== undefined, row.cut);
    const seconds = Math.round(row.afterMs / 1_000);
    if (row.cut) assert.equal(cut, `the client left ${row.unread} bytes unread for ${seconds} s`);
  });

test('of many that do not read those with most unread are cut off, until the rest fits, and none that reads', () => {
  const one = (name: string, MiBs: number, isSlow: boolean) => {
    return { name, isSlow, takenBytes: 0, unreadBytes: MiBs * MiB };
  };
  const all = [one('small', 40, true), one('big', 120, true), one('reader', 160, false)];
  const cut = (of: typeof all) => tooMuchUnread(of).map(({ name }) => name);
  assert.deepEqual(cut(all), ['big']);
  assert.deepEqual(cut([...all, one('middle', 80, true)]), ['big', 'middle']);
  assert.deepEqual(cut(all.slice(0, 2)), []);
});
