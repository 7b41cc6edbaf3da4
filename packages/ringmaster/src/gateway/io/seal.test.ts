import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeContinuation } from '../continuation.ts';
import { createSeal, digestOf } from './seal.ts';

function facts() {
  const known = new Map<string, unknown>();
  return {
    known,
    recall: (kind: string, key: string) => known.get(`${kind} ${key}`),
    remember: (kind: string, key: string, value: unknown) =>
      void known.set(`${kind} ${key}`, value),
  };
}

test('what is sealed can be opened by the same key, also after a restart, and by no other', () => {
  const kept = facts();
  const sealed = createSeal(kept).seal('päss "word"');
  assert.doesNotMatch(sealed, /word/);
  assert.equal(createSeal(kept).open(sealed), 'päss "word"');
  assert.equal(createSeal(facts()).open(sealed), undefined);
});

test('every change of a sealed text is noticed, wherever it is made', () => {
  const seal = createSeal(facts());
  const sealed = seal.seal('state');
  for (let at = 0; at < sealed.length; at += 1) {
    const other = sealed[at] === 'A' ? 'B' : 'A';
    assert.equal(seal.open(sealed.slice(0, at) + other + sealed.slice(at + 1)), undefined, `${at}`);
  }
  for (const text of ['', 'x', sealed.slice(0, -1), `${sealed}A`, `${sealed}=`, ` ${sealed}`]) {
    assert.equal(seal.open(text), undefined);
  }
});

test('a digest is of method and params, whatever the order of their keys, without answers and _meta', () => {
  const digest = digestOf('tools/call', { name: 'a', arguments: { x: 1, y: { p: 1, q: [1, 2] } } });
  const again = { _meta: { t: 1 }, requestState: 's', inputResponses: {} };
  const params = { arguments: { y: { q: [1, 2], p: 1 }, x: 1 }, name: 'a', ...again };
  assert.equal(digestOf('tools/call', params), digest);
  assert.notEqual(digestOf('prompts/get', params), digest);
  assert.notEqual(digestOf('tools/call', { ...params, name: 'b' }), digest);
  assert.notEqual(digestOf('tools/call', { ...params, arguments: { y: { q: [2, 1] } } }), digest);
});

const of = { owner: 'me', digest: 'd', nowMs: 1_000 };
const good = { kind: 'parked', id: 'i', round: 1, owner: 'me', digest: 'd', untilMs: 2_000 };

for (const [title, text, says] of [
  ['a foreign text', undefined, /not one this gateway gave out/],
  ['of another client', JSON.stringify({ ...good, owner: 'you' }), /given to another client/],
  ['of another request', JSON.stringify({ ...good, digest: 'e' }), /belongs to another request/],
  ['too old', JSON.stringify({ ...good, untilMs: 1_000 }), /has expired/],
] as const) {
  test(`a state is refused: ${title}`, () => {
    const judged = judgeContinuation(text, of);
    assert.ok(judged.kind === 'refused');
    assert.match(judged.message, says);
  });
}

test('a state that is ours, for this request and in time, is taken up', () => {
  assert.equal(judgeContinuation(JSON.stringify(good), of).kind, 'ok');
});
