import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHandClock } from '../../alerting/testing/hand-clock.ts';
import type { NewEvent } from '../events.ts';
import { foldRepeats } from './fold-repeats.ts';

function begin() {
  const { clock, pass } = createHandClock();
  const written: NewEvent[] = [];
  const folding = foldRepeats({ clock, append: (event) => void written.push(event) });
  return {
    ...{ pass, close: folding.close, append: folding.append },
    refuse(why = 'found no program', subject = 'files') {
      folding.append({ atMs: clock.nowMs(), kind: 'spawn.refused', subject, why });
    },
    /** What was written since the last look: when it was, and how often. */
    news: () =>
      written
        .splice(0)
        .map((event) => [event.kind, event.atMs, 'times' in event ? event.times : undefined]),
  };
}

test('a refusal is told at once, and while it repeats itself once a minute with how often', () => {
  const { refuse, pass, news } = begin();
  for (let second = 0; second < 150; second += 1) {
    for (let at = 0; at < 5; at += 1) refuse();
    pass(1_000);
  }
  assert.deepEqual(news(), [
    ['spawn.refused', 0, undefined],
    ['spawn.refused', 59_000, 299],
    ['spawn.refused', 119_000, 300],
  ]);
  pass(60_000);
  assert.deepEqual(news(), [['spawn.refused', 149_000, 150]]);
  pass(120_000);
  assert.deepEqual(news(), [], 'nothing happened, and something was told');
  refuse();
  assert.deepEqual(news(), [['spawn.refused', 330_000, undefined]]);
});

test('another reason, another server and what was done are told each for itself', () => {
  const { refuse, append, news } = begin();
  refuse();
  refuse('not allowed');
  refuse('found no program', 'search');
  const done = { kind: 'operation.finished', subject: 'files', operation: 'server.start' } as const;
  const asked = { door: 'cli', by: 'aya', outcome: 'done', tookMs: 1 } as const;
  for (const atMs of [1, 2]) append({ ...done, ...asked, about: [], atMs });
  assert.equal(news().length, 5);
});

test('a server that ran is refused for a first time again, and the end tells what was counted', () => {
  const { refuse, append, close, news } = begin();
  for (const _ of [1, 2, 3]) refuse();
  const spawned = { kind: 'instance.spawned', index: 0, generation: 1, pid: 5 } as const;
  append({ ...spawned, atMs: 0, subject: 'files' });
  refuse();
  refuse();
  close();
  assert.deepEqual(news(), [
    ['spawn.refused', 0, undefined],
    ['spawn.refused', 0, 2],
    ['instance.spawned', 0, undefined],
    ['spawn.refused', 0, undefined],
    ['spawn.refused', 0, 1],
  ]);
});

test('of a thousand and one different refusals the oldest is told, and forgotten', () => {
  const { refuse, news } = begin();
  for (let at = 0; at < 1_000; at += 1) refuse(`reason ${at}`);
  refuse('reason 0');
  assert.equal(news().length, 1_000);
  refuse('reason 1000');
  assert.deepEqual(news(), [
    ['spawn.refused', 0, 1],
    ['spawn.refused', 0, undefined],
  ]);
});
