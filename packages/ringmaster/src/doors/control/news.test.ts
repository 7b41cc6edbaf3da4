import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalEvent } from '../../journal/events.ts';
import { createNewsDesk } from './news.ts';
import type { Ask } from './tool.ts';

/** A desk over a clock the test turns, a journal it writes, and logs whose ends it sets. */
function open() {
  let tickMs = 0;
  let due: { readonly atMs: number; readonly then: () => void }[] = [];
  let hearer: (events: readonly JournalEvent[]) => void = () => {};
  const ends = new Map<string, string>();
  const asked: string[] = [];
  const told: string[] = [];
  const ask = (async (_name: string, { server }: { server: string }) => {
    asked.push(server);
    const cursor = ends.get(server);
    if (cursor === undefined) throw new Error('no such server');
    return { cursor };
  }) as unknown as Ask;
  const desk = createNewsDesk({
    ask,
    follow(hear, kinds) {
      hearer = (events) => hear(events.filter(({ kind }) => kinds?.has(kind) !== false));
      return () => {
        hearer = () => {};
      };
    },
    clock: {
      after(delayMs, then) {
        const one = { atMs: tickMs + delayMs, then };
        due.push(one);
        return () => {
          due = due.filter((other) => other !== one);
        };
      },
    },
    hear: ({ uris, isListChanged }) =>
      void told.push([...uris, ...(isListChanged ? ['list'] : [])].join(' ')),
  });
  return {
    ...{ desk, ends, asked, told },
    happens(kind: string, subject: string): void {
      hearer([{ atMs: tickMs, seq: 1, kind, subject } as JournalEvent]);
    },
    async turn(byMs: number): Promise<void> {
      const untilMs = tickMs + byMs;
      for (;;) {
        const [next] = due
          .filter(({ atMs }) => atMs <= untilMs)
          .sort((one, other) => one.atMs - other.atMs);
        if (next === undefined) break;
        due = due.filter((one) => one !== next);
        tickMs = next.atMs;
        next.then();
        // A look at logs asks, and plans the next one when it has its answers.
        await new Promise((resolve) => setImmediate(resolve));
      }
      tickMs = untilMs;
    },
    waiting: () => due.length,
  };
}

test('changes of a moment are told once, each resource once, and calls are no change', async () => {
  const { happens, turn, told } = open();
  happens('instance.died', 'a b');
  happens('instance.starting', 'a b');
  happens('pool.scaled', 'c');
  happens('call.finished', 'd');
  happens('fleet.applied', 'fleet');
  assert.deepEqual(told, []);
  await turn(250);
  assert.deepEqual(told, ['process://a%20b/info process://c/info list']);
  await turn(10_000);
  assert.equal(told.length, 1);
});

test('a log is looked at each second while somebody wants it, and told when it grew', async () => {
  const { desk, ends, asked, turn, told, waiting } = open();
  ends.set('a', '10');
  const leave = desk.want(['logs://a/recent', 'process://a/info']);
  const leaveToo = desk.want(['logs://a/recent']);
  await turn(3_000);
  assert.deepEqual(told, []);
  ends.set('a', '20');
  await turn(1_250);
  assert.deepEqual(told, ['logs://a/recent']);
  leave();
  leave();
  ends.set('a', '30');
  await turn(1_250);
  assert.equal(told.length, 2);
  leaveToo();
  await turn(1_000);
  const before = asked.length;
  await turn(10_000);
  assert.equal(asked.length, before, 'a log nobody wants is looked at');
  assert.equal(waiting(), 0);
});

test('a log that comes back with its server is news, and nothing is told after the end', async () => {
  const { desk, ends, happens, turn, told } = open();
  desk.want(['logs://gone/recent']);
  await turn(2_000);
  assert.deepEqual(told, []);
  ends.set('gone', '1');
  await turn(1_250);
  assert.deepEqual(told, ['logs://gone/recent']);
  desk.close();
  happens('instance.died', 'gone');
  ends.set('gone', '2');
  await turn(5_000);
  assert.equal(told.length, 1);
});
