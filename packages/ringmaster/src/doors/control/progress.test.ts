import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalEvent } from '../../journal/events.ts';
import { withProgress } from './progress.ts';

/** Work that the test ends, a clock it turns, and a journal it writes. */
function begin(server?: string) {
  let tickMs = 0;
  let due: { readonly atMs: number; readonly then: () => void }[] = [];
  const hearers = new Map<
    (events: readonly JournalEvent[]) => void,
    ReadonlySet<string> | undefined
  >();
  const told: string[] = [];
  let end = () => {};
  const done = withProgress(
    {
      follow(hear, kinds) {
        hearers.set(hear, kinds);
        return () => hearers.delete(hear);
      },
      clock: {
        tickMs: () => tickMs,
        after(delayMs, then) {
          const one = { atMs: tickMs + delayMs, then };
          due.push(one);
          return () => {
            due = due.filter((other) => other !== one);
          };
        },
      },
    },
    { server, tell: ({ progress, message }) => void told.push(`${progress} ${message}`) },
    () =>
      new Promise<string>((resolve) => {
        end = () => resolve('done');
      }),
  );
  return {
    ...{ told, done },
    end: () => end(),
    happens(kind: string, subject: string): void {
      const event = { atMs: tickMs, seq: 1, kind, subject } as JournalEvent;
      for (const [hear, kinds] of hearers) if (kinds?.has(kind) !== false) hear([event]);
    },
    turn(byMs: number): void {
      const untilMs = tickMs + byMs;
      for (;;) {
        const next = due.find(({ atMs }) => atMs <= untilMs);
        if (next === undefined) break;
        due = due.filter((one) => one !== next);
        tickMs = next.atMs;
        next.then();
      }
      tickMs = untilMs;
    },
    left: () => due.length + hearers.size,
  };
}

test('steps of the process it is about are told, several of a moment as one, and nothing of others', async () => {
  const work = begin('app');
  assert.deepEqual(work.told, ['0 begun']);
  work.happens('instance.stopping', 'app');
  work.happens('instance.starting', 'app');
  work.happens('instance.died', 'other');
  work.happens('call.finished', 'app');
  work.turn(300);
  assert.deepEqual(work.told.slice(1), ['2 app: starting']);
  work.happens('instance.ready', 'app');
  work.end();
  assert.equal(await work.done, 'done');
  assert.deepEqual(work.told.slice(2), ['3 app: ready']);
  assert.equal(work.left(), 0);
});

test('work on all tells of each, and silence of five seconds is told as such', async () => {
  const work = begin();
  work.happens('instance.ready', 'one');
  work.turn(250);
  work.happens('instance.ready', 'two');
  work.turn(250);
  work.turn(10_500);
  work.end();
  await work.done;
  assert.deepEqual(work.told.slice(1), [
    '1 one: ready',
    '2 two: ready',
    '3 still at it after 6 s',
    '4 still at it after 11 s',
  ]);
});
