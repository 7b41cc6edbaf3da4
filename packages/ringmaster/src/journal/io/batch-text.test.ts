import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewEvent } from '../events.ts';
import { readBatchText, writeBatchText } from './batch-text.ts';
import type { Batch } from './messages.ts';

type FinishedCall = Extract<NewEvent, { kind: 'call.finished' }>;

const plain: FinishedCall = {
  atMs: 1_000,
  kind: 'call.finished',
  subject: 'files',
  method: 'tools/call',
  name: 'read',
  session: 'one',
  client: 'desk 1.0',
  outcome: 'ok',
  tookMs: 3,
};

function batchOf(events: readonly NewEvent[]): Batch {
  return { events, facts: [['state', 'files', null]], uncounted: [], samples: [] };
}

function crossed(events: readonly NewEvent[]): readonly NewEvent[] {
  const batch = readBatchText(writeBatchText(batchOf(events)));
  assert.deepEqual(batch.facts, [['state', 'files', null]]);
  return batch.events;
}

test('events of a batch arrive as they were, in their order', () => {
  const others: Partial<FinishedCall>[] = [
    {},
    { subject: 'web' },
    { method: 'prompts/get' },
    { name: 'write' },
    { session: 'two' },
    { client: 'shelf 2.0' },
    { outcome: 'error', why: 'tool error' },
    { outcome: 'error', why: 'another' },
    { askedMs: 7 },
  ];
  const events = [1, 2, 3].flatMap((round): NewEvent[] => [
    ...others.map((one, at) => ({ ...plain, ...one, atMs: round * 100 + at, tookMs: at })),
    { atMs: round, kind: 'tool.refused', subject: 'files', why: 'named "x"' } as NewEvent,
  ]);
  assert.deepEqual(crossed(events), events);
});

test('calls of more clients than are looked through arrive as they were', () => {
  const events = Array.from({ length: 200 }, (_, at) => ({
    ...plain,
    atMs: at,
    session: `session ${at % 50}`,
  }));
  assert.deepEqual(crossed(events), events);
});

test('calls that differ in their times only are a tenth of the text', () => {
  const events = Array.from({ length: 500 }, (_, at) => ({ ...plain, atMs: 1_795e9 + at }));
  const length = writeBatchText(batchOf(events)).length;
  assert.ok(length * 8 < JSON.stringify(batchOf(events)).length, `${length} characters`);
  assert.deepEqual(crossed(events), events);
});

test('a batch that would be too long arrives with its texts cut', () => {
  const events = Array.from({ length: 5 }, (_, at) => ({
    ...plain,
    why: `${at}`.repeat(1_000_000),
  }));
  const whys = crossed(events).map((event) => (event as FinishedCall).why);
  assert.deepEqual(
    whys,
    events.map(({ why }) => `${why.slice(0, 1_000)}…`),
  );
});
