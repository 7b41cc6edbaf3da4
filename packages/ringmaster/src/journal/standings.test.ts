import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewEvent } from './events.ts';
import { createStandings } from './standings.ts';

const started = (atMs: number): NewEvent => ({
  ...{ atMs, kind: 'daemon.started', subject: 'daemon', pid: 1, version: '1', life: 1, port: 1 },
});
function told(atMs: number, kind: NewEvent['kind'], more: object = {}): NewEvent {
  return { atMs, kind, subject: 'files', index: 0, generation: 1, ...more } as NewEvent;
}
function fold(events: readonly NewEvent[]) {
  const standings = createStandings();
  for (const event of events) standings.take(event);
  return standings;
}
const brief = (standings: ReturnType<typeof fold>, fromMs: number, toMs: number) =>
  standings
    .spans('files', fromMs, toMs)
    .map((span) => `${span.standing} ${span.fromMs}-${span.toMs}`);

for (const [title, events, expected] of [
  [
    'a server that starts and stays',
    [started(0), told(10, 'instance.starting'), told(20, 'instance.ready')],
    ['starting 10-20', 'ready 20-100'],
  ],
  [
    'a death, and the way back',
    [
      ...[started(0), told(10, 'instance.ready'), told(30, 'instance.died', { expected: false })],
      ...[told(40, 'instance.starting'), told(50, 'instance.ready')],
    ],
    ['stopped 10-10', 'ready 10-30', 'waiting 30-40', 'starting 40-50', 'ready 50-100'].slice(1),
  ],
  [
    'a death whose successor is heard of first',
    [
      ...[started(0), told(10, 'instance.ready'), told(30, 'instance.starting', { generation: 2 })],
      ...[told(40, 'instance.ready', { generation: 2 })],
      told(29, 'instance.died', { expected: false }),
    ],
    ['ready 10-30', 'starting 30-40', 'ready 40-100'],
  ],
  [
    'a server that is stopped as asked',
    [
      ...[started(0), told(10, 'instance.ready'), told(30, 'instance.stopping')],
      ...[told(35, 'instance.died', { expected: true }), told(36, 'instance.stopped')],
    ],
    ['ready 10-30', 'stopping 30-36', 'stopped 36-100'],
  ],
  [
    'a server that sleeps until it is called',
    [
      ...[started(0), told(10, 'instance.ready'), told(30, 'instance.stopping')],
      ...[told(35, 'instance.asleep'), told(50, 'instance.starting'), told(55, 'instance.ready')],
    ],
    ['ready 10-30', 'stopping 30-35', 'asleep 35-50', 'starting 50-55', 'ready 55-100'],
  ],
  [
    'a pool shows its worst instance',
    [
      ...[started(0), told(10, 'instance.ready'), told(10, 'instance.ready', { index: 1 })],
      ...[told(30, 'instance.sick', { index: 1 }), told(40, 'instance.stopped', { index: 1 })],
    ],
    ['ready 10-30', 'sick 30-40', 'ready 40-100'],
  ],
  [
    'the time between two daemons, the first of which was killed, is nobody’s',
    [
      ...[started(0), told(10, 'instance.ready'), told(30, 'instance.ready', { subject: 'other' })],
      ...[started(60), told(61, 'instance.adopted')],
    ],
    ['ready 10-30', 'away 30-61', 'ready 61-100'],
  ],
  [
    'the time after a farewell is nobody’s',
    [
      ...[started(0), told(10, 'instance.ready')],
      { ...{ atMs: 40, kind: 'daemon.stopped', subject: 'daemon', why: 'asked' } } as NewEvent,
      ...[started(60), told(70, 'instance.ready')],
    ],
    ['ready 10-40', 'away 40-70', 'ready 70-100'],
  ],
] as const) {
  test(`${title} is told by its spans`, () => {
    assert.deepEqual(brief(fold(events), 0, 100), expected);
  });
}

test('spans are cut to the range that is asked for', () => {
  const standings = fold([started(0), told(10, 'instance.ready'), told(50, 'instance.sick')]);
  assert.deepEqual(brief(standings, 40, 60), ['ready 40-50', 'sick 50-60']);
  assert.deepEqual(brief(standings, 0, 5), []);
});

test('availability tells up, down, unwanted and unknown time apart', () => {
  const standings = fold([
    ...[started(0), told(0, 'instance.ready'), told(30, 'instance.died', { expected: false })],
    ...[told(40, 'instance.ready'), told(50, 'instance.stopping'), told(50, 'instance.stopped')],
    { ...{ atMs: 80, kind: 'daemon.stopped', subject: 'daemon', why: 'asked' } } as NewEvent,
  ]);
  assert.deepEqual(standings.availability('files', 0, 100), {
    ...{ upMs: 40, downMs: 10, unwantedMs: 30, unknownMs: 20 },
  });
  assert.deepEqual(standings.deaths('files', 0, 100), [30]);
});

test('the first start of a server is not down time, every later one is', () => {
  const ready = fold([
    ...[started(0), told(5, 'instance.starting'), told(25, 'instance.ready')],
    ...[told(50, 'instance.died', { expected: false }), told(60, 'instance.starting')],
    told(70, 'instance.ready'),
  ]);
  assert.deepEqual(ready.availability('files', 0, 100), {
    ...{ upMs: 55, downMs: 20, unwantedMs: 20, unknownMs: 0 },
  });
  const never = fold([
    ...[started(0), told(5, 'instance.starting')],
    ...[told(25, 'instance.died', { expected: false }), told(30, 'instance.starting')],
  ]);
  assert.deepEqual(never.availability('files', 0, 100), {
    ...{ upMs: 0, downMs: 75, unwantedMs: 20, unknownMs: 0 },
  });
});

test('a clock that was set back leaves no span of negative length', () => {
  const standings = fold([started(0), told(50, 'instance.ready'), told(20, 'instance.sick')]);
  for (const { fromMs, toMs } of standings.spans('files', 0, 100)) assert.ok(toMs >= fromMs);
});

test('a server that left the fleet is forgotten', () => {
  const removed = { action: 'remove', server: 'files', why: 'it left' };
  const applied = { revision: 2, file: 'x', actions: [removed] };
  const standings = fold([
    ...[started(0), told(10, 'instance.ready')],
    { atMs: 20, kind: 'fleet.applied', subject: 'fleet', ...applied },
  ]);
  assert.deepEqual(brief(standings, 0, 100), []);
});
