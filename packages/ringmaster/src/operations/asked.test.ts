import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '../errors.ts';
import { endedEvent } from './asked.ts';

const cli = { door: 'cli', by: 'aya' } as const;
const ended = { atMs: 5, tookMs: 1.6, asker: cli } as const;

test('what was done is recorded with who asked, by which way, and the names it was about', () => {
  const given = { servers: ['files', 'search'], wait: true };
  assert.deepEqual(endedEvent({ ...ended, name: 'server.stop', given }), {
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
    assert.doesNotMatch(JSON.stringify(endedEvent({ ...ended, name, given })), /hunter2/);
  }
});

const failures = [
  { error: new Problem('bad_request', 'found neither'), outcome: 'refused' },
  { error: new Problem('server_down', 'it is down'), outcome: 'failed' },
  { error: new TypeError('x is undefined'), outcome: 'failed' },
] as const;
for (const { error, outcome } of failures) {
  test(`an operation that ended with ${error.name} “${error.message}” was ${outcome}, and why is told`, () => {
    const event = endedEvent({ ...ended, name: 'server.start', given: undefined, error });
    assert.ok(event.kind === 'operation.finished');
    assert.deepEqual([event.outcome, event.why, event.about], [outcome, error.message, []]);
  });
}

test('an asker with a name of its own is called by it, and nothing recorded is long', () => {
  const names = Array.from({ length: 50 }, () => 'n'.repeat(1_000));
  const given = { servers: names, by: 'Mika '.repeat(100) };
  const event = endedEvent({ ...ended, name: 'alert.acknowledge', given });
  assert.match(JSON.stringify(event), /"by":"Mika Mika/);
  assert.ok(JSON.stringify(event).length < 2_600);
});
