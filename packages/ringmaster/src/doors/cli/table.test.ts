import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cut, renderTable } from './table.ts';

test('columns line up when cells hold wide characters', () => {
  const table = renderTable(
    [{ heading: 'サーバー' }, { heading: 'PID', align: 'right' }, { heading: 'WHY' }],
    [
      ['files', '7', '稼働中'],
      ['記憶', '4242', 'ok'],
    ],
  );
  assert.equal(
    table,
    ['サーバー   PID  WHY', 'files        7  稼働中', '記憶      4242  ok'].join('\n'),
  );
});

test('colours take no room', () => {
  const table = renderTable(
    [{ heading: 'A' }, { heading: 'B' }],
    [
      ['\u001b[32mok\u001b[39m', 'x'],
      ['long', 'y'],
    ],
  );
  assert.deepEqual(
    table.split('\n').map((line) => line.indexOf(line.at(-1) ?? '')),
    [6, 16, 6],
  );
});

test('the last column is cut to the width of the terminal', () => {
  const row = ['files', 'a reason that is much longer than the terminal is wide'];
  const [, line] = renderTable([{ heading: 'S' }, { heading: 'WHY' }], [row], 30).split('\n');
  assert.equal(line, 'files  a reason that is much …');
});

test('cutting never splits a wide character', () => {
  assert.equal(cut('稼働中です', 6), '稼働…');
  assert.equal(cut('稼働中', 6), '稼働中');
});
