import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createEventStore,
  eventId,
  readEventId,
  type Tape,
  tapesPerSessionMax,
} from './event-store.ts';

const limits = { perSession: 10, total: 15, keepMs: 1_000 };
const texts = (tape: Tape) => tape.events.map(({ seq, text }) => `${seq}${text}`);

test('an event id tells the stream and the number, and nothing else is one', () => {
  assert.deepEqual(readEventId(eventId('p12', 7)), { tape: 'p12', seq: 7 });
  for (const id of ['', 'p1', '.1', 'x1.1', 'p1.1.1', 'p1.-1', 'P1.1', `p${'1'.repeat(21)}.1`]) {
    assert.equal(readEventId(id), undefined, id);
  }
});

test('beyond the limit of a session its oldest events are forgotten, and the tape says so', () => {
  const store = createEventStore(limits);
  const box = store.box();
  const tape = store.begin(box, 'p1', 0);
  for (const text of ['aaaa', 'bbbb', 'cccc']) store.record(box, tape, text, 0);
  assert.deepEqual(texts(tape), ['2bbbb', '3cccc']);
  assert.deepEqual([tape.forgottenSeq, tape.lastSeq, store.length()], [1, 3, 8]);
});

test('an event larger than the limit is counted and not kept', () => {
  const store = createEventStore(limits);
  const box = store.box();
  const tape = store.begin(box, 'p1', 0);
  store.record(box, tape, 'x'.repeat(11), 0);
  assert.deepEqual([texts(tape), tape.forgottenSeq, tape.lastSeq, store.length()], [[], 1, 1, 0]);
});

test('beyond the limit of all the session that was quiet longest loses first', () => {
  const store = createEventStore(limits);
  const [quiet, busy] = [store.box(), store.box()];
  const [first, second] = [store.begin(quiet, 'p1', 0), store.begin(busy, 'p1', 0)];
  store.record(quiet, first, 'aaaaaaaa', 0);
  store.record(busy, second, 'bbbb', 0);
  store.record(busy, second, 'cccc', 0);
  assert.deepEqual([texts(first), texts(second)], [[], ['1bbbb', '2cccc']]);
  assert.equal(store.length(), 8);
});

test('streams nothing was sent on are dropped after a while, unless they are in use', () => {
  const store = createEventStore(limits);
  const box = store.box();
  const live = store.begin(box, 'g1', 0);
  store.record(box, store.begin(box, 'p1', 0), 'aaaa', 1);
  store.expire(box, 1_000, (tape) => tape === live);
  assert.deepEqual([...box.tapes.keys()], ['g1', 'p1']);
  store.expire(box, 1_001, (tape) => tape === live);
  assert.deepEqual([[...box.tapes.keys()], store.length()], [['g1'], 0]);
});

test('the number of streams that are remembered is limited too, and a session that ends leaves nothing', () => {
  const store = createEventStore(limits);
  const box = store.box();
  for (let number = 0; number <= tapesPerSessionMax; number += 1) store.begin(box, `p${number}`, 0);
  assert.deepEqual([box.tapes.size, box.tapes.has('p0')], [tapesPerSessionMax, false]);
  const tape = store.begin(box, 'g1', 0);
  store.record(box, tape, 'aaaa', 0);
  store.empty(box);
  assert.deepEqual([box.tapes.size, store.length(), tape.events], [0, 0, []]);
  assert.equal(store.record(box, tape, 'late', 0), 2);
  assert.equal(store.length(), 0);
});
