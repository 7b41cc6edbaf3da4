import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeBody, judgeStatus } from './answer.ts';

for (const [status, afterMs, expected] of [
  [200, undefined, undefined],
  [202, undefined, undefined],
  [429, 5_000, { kind: 'later', why: 'the collector answered 429', afterMs: 5_000 }],
  [503, undefined, { kind: 'later', why: 'the collector answered 503' }],
  [400, 5_000, { kind: 'refused', why: 'the collector answered 400', lost: undefined }],
  [500, undefined, { kind: 'refused', why: 'the collector answered 500', lost: undefined }],
] as const) {
  test(`a collector that answers ${status} means ${expected?.kind ?? 'what its body says'}`, () => {
    assert.deepEqual(judgeStatus(status, afterMs), expected);
  });
}

test('a collector that takes only a part says how much it lost, and in words of bounded length', () => {
  const said = judgeBody({ partialSuccess: { rejectedSpans: '3', errorMessage: 'x'.repeat(999) } });
  assert.ok(said.kind === 'refused' && said.lost === 3 && said.why.length < 300);
  for (const all of [{}, undefined, 'yes', { partialSuccess: {} }])
    assert.deepEqual(judgeBody(all), { kind: 'taken' });
});
