import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalEvent } from '../journal/events.ts';
import { callOf, isWanted, storyOf } from './calls.ts';

function finished(fields: Partial<Record<string, unknown>> = {}): JournalEvent {
  return {
    ...{ seq: 9, atMs: 1_000, kind: 'call.finished', subject: 'search', method: 'tools/call' },
    ...{ name: 'web_search', client: 'cursor', session: 's1', outcome: 'ok', tookMs: 400 },
    ...fields,
  } as JournalEvent;
}

function call(fields: Partial<Record<string, unknown>> = {}) {
  const row = callOf(finished(fields));
  assert.ok(row);
  return row;
}

test('a call is known by the place of its end, and begins as long before as it took', () => {
  assert.equal(call().id, 9);
  assert.equal(call().startedAtMs, 600);
  const other = { seq: 1, atMs: 1, kind: 'session.closed', subject: 'x', session: 's', why: 'w' };
  assert.equal(callOf(other as JournalEvent), undefined);
});

const filters = [
  { filter: {}, wanted: true },
  { filter: { server: 'search' }, wanted: true },
  { filter: { server: 'sea' }, wanted: false },
  { filter: { outcome: 'late' }, wanted: true },
  { filter: { outcome: 'ok' }, wanted: false },
  { filter: { outcome: 'notOk' }, wanted: true },
  { filter: { client: 'claude' }, wanted: false },
  { filter: { minTookMs: 400 }, wanted: true },
  { filter: { minTookMs: 401 }, wanted: false },
  { filter: { text: 'WEB_' }, wanted: true },
  { filter: { text: 'deadline' }, wanted: true },
  { filter: { text: 'cursor' }, wanted: false },
] as const;
for (const { filter, wanted } of filters) {
  test(`a late call is ${wanted ? '' : 'not '}one of ${JSON.stringify(filter)}`, () => {
    const late = call({ outcome: 'late', why: 'over its deadline of 10 s' });
    assert.equal(isWanted(late, filter), wanted);
  });
}

test('a story tells questions and deaths in place, and what lies between them as work', () => {
  const ask = {
    ...{ seq: 6, atMs: 900, kind: 'ask.finished', subject: 'search', name: 'web_search' },
    ...{ method: 'elicitation/create', how: 'forwarded', session: 's1' },
    ...{ outcome: 'answered', tookMs: 200 },
  } as JournalEvent;
  const death = {
    ...{ seq: 7, atMs: 950, kind: 'instance.died', subject: 'search', why: 'exit 1' },
  } as JournalEvent;
  const others = [
    { ...ask, seq: 5, session: 's2' },
    { ...death, seq: 3, atMs: 500 },
  ] as JournalEvent[];
  const steps = storyOf(call(), [death, ask, ...others]);
  assert.deepEqual(
    steps.map(({ kind, fromMs, toMs }) => [kind, fromMs, toMs]),
    [
      ['received', 0, 0],
      ['worked', 0, 100],
      ['asked', 100, 300],
      ['server', 350, 350],
      ['worked', 350, 400],
      ['ended', 400, 400],
    ].flatMap((step) => (step[0] === 'server' ? [['worked', 300, 350], step] : [step])),
  );
});
