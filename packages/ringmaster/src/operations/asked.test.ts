import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '../errors.ts';
import type { NewEvent } from '../journal/events.ts';
import { type Act, actOf, cutOffEvent, endedEvent } from './asked.ts';
import type { OperationName } from './routes.ts';

const cli = { door: 'cli', by: 'aya' } as const;
const ended = { atMs: 5, tookMs: 1.6 } as const;

function told(asked: { name: OperationName; given: unknown; error?: unknown }): NewEvent {
  return endedEvent({ ...ended, ...asked, act: actOf(asked.name, asked.given, cli) });
}

test('what was done is recorded with who asked, by which way, and the names it was about', () => {
  const given = { servers: ['files', 'search'], wait: true };
  assert.deepEqual(told({ name: 'server.stop', given }), {
    ...{ kind: 'operation.finished', subject: 'files', atMs: 5, operation: 'server.stop' },
    ...{ about: ['files', 'search'], door: 'cli', by: 'aya', tookMs: 2, outcome: 'done' },
  });
});

test('neither text sent to a server, nor arguments of a tool, nor an entry is recorded', () => {
  for (const [name, given] of [
    ['server.sendInput', { server: 'files', text: 'hunter2' }],
    ['tool.call', { name: 'files__read', arguments: { token: 'hunter2' } }],
    ['server.add', { server: 'files', entry: { env: { TOKEN: 'hunter2' } } }],
    ['fleet.save', { text: 'hunter2', hash: 'hunter2' }],
  ] as const) {
    assert.doesNotMatch(JSON.stringify(told({ name, given })), /hunter2/);
  }
});

const failures = [
  { error: new Problem('bad_request', 'found neither'), outcome: 'refused' },
  { error: new Problem('server_down', 'it is down'), outcome: 'failed' },
  { error: new TypeError('x is undefined'), outcome: 'failed' },
] as const;
for (const { error, outcome } of failures) {
  test(`an operation that ended with ${error.name} “${error.message}” was ${outcome}, and why is told`, () => {
    const event = told({ name: 'server.start', given: undefined, error });
    assert.ok(event.kind === 'operation.finished');
    assert.deepEqual([event.outcome, event.why, event.about], [outcome, error.message, []]);
  });
}

test('an asker with a name of its own is called by it, and nothing recorded is long', () => {
  const names = Array.from({ length: 50 }, () => 'n'.repeat(1_000));
  const given = { servers: names, by: 'Mika '.repeat(100) };
  const event = told({ name: 'alert.acknowledge', given });
  assert.match(JSON.stringify(event), /"by":"Mika Mika/);
  assert.ok(JSON.stringify(event).length < 2_600);
});

test('of an act that a killed daemon had begun nobody claims to know how it ended, or how long it took', () => {
  const act: Act = actOf('server.stop', { servers: ['files'] }, cli);
  const event = cutOffEvent(act, { began: '1970-01-01T00:00:00.000Z', atMs: 9 });
  assert.ok(event.kind === 'operation.finished');
  assert.deepEqual([event.outcome, event.tookMs, event.about], ['unknown', undefined, ['files']]);
  assert.match(event.why ?? '', /^unknown: the daemon ended .* begun at 1970-01-01T00:00:00/);
});
