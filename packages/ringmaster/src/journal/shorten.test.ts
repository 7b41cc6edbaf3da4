import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventKinds, type NewEvent } from './events.ts';
import { shortenEvent } from './shorten.ts';

const death: NewEvent = {
  atMs: 5,
  kind: 'instance.died',
  subject: 'files',
  index: 0,
  generation: 1,
  exit: 'exited with 1',
  expected: false,
  why: 'crash',
  lastLines: ['one', 'two'],
  next: 'restart',
};

test('an event of usual size is not changed by shortening', () => {
  assert.deepEqual(shortenEvent(death), death);
});

test('long texts and lists are cut, also within lists, and the event stays valid', () => {
  const huge = 'x'.repeat(1_000_000);
  const lines = Array.from({ length: 1_000 }, () => huge);
  const short = shortenEvent({ ...death, why: huge, lastLines: lines });
  assert.ok(JSON.stringify(short).length < 60_000);
  assert.ok(short.kind === 'instance.died');
  assert.equal(short.why, `${'x'.repeat(1_000)}…`);
  assert.equal(short.lastLines.length, 50);
  assert.ok(eventKinds['instance.died'].safeParse(short).success);
  const applied = shortenEvent({
    ...{ atMs: 1, kind: 'fleet.applied', subject: 'fleet', revision: 1, file: 'f' },
    actions: [{ action: 'start', server: 'files', why: huge }],
  });
  assert.ok(eventKinds['fleet.applied'].safeParse(applied).success);
  assert.ok(JSON.stringify(applied).length < 2_000);
});
