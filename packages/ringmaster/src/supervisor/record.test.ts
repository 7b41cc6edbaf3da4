import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstRequestId, parseRunRecord } from './record.ts';

test('no two lives of the daemon use the same request id, and all are safe integers', () => {
  const ids = [0, 1, 2, 65_535].map(firstRequestId);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.ok(Number.isSafeInteger(id + 2 ** 36));
  assert.ok(firstRequestId(2) - firstRequestId(1) >= 2 ** 36);
});

test('a run record that is none is refused', () => {
  for (const text of ['null', '[]', '{}', '{"life":"1","instances":[]}', '{"life":1}'])
    assert.equal(parseRunRecord(text), undefined, text);
  assert.equal(parseRunRecord('{"life":3,"orphanGraceMs":1,"instances":[]}')?.life, 3);
});
