import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type VerdictServer, verdictOf } from './verdict.ts';

const nowMs = 1_700_000_000_000;

function server(name: string, state: string, more: Partial<VerdictServer> = {}): VerdictServer {
  return {
    ...{ server: name, state, wanted: 'running', why: 'because', sinceMs: nowMs - 1_000 },
    ...{ restarts: 0, needsSignIn: false, dependsOn: [] },
    ...more,
  };
}

const cases: readonly (readonly [string, readonly VerdictServer[], number, string])[] = [
  ['no server', [], 0, 'No server is in this fleet yet.'],
  ['one', [server('a', 'ready')], 0, 'The one server is ready.'],
  ['two', [server('a', 'ready'), server('b', 'asleep')], 0, 'All 2 servers are ready.'],
  [
    'one starts',
    [server('a', 'ready'), server('b', 'starting')],
    0,
    'Nothing needs you. 1 of 2 servers are ready.',
  ],
  ['one failed', [server('a', 'failed')], 0, '1 server needs you.'],
  [
    'failed, but stopped by wish',
    [server('a', 'failed', { wanted: 'stopped' })],
    0,
    'Nothing needs you. 0 of 1 servers are ready.',
  ],
  ['an alert', [server('a', 'ready')], 2, '2 alerts are firing.'],
];

for (const [name, servers, firing, expected] of cases) {
  test(`the verdict over ${name}`, () => {
    const { verdict, isGood } = verdictOf({ nowMs, servers, firing, taken: 0 });
    assert.equal(verdict.en, expected);
    assert.match(verdict.ja, /。$/);
    assert.equal(isGood, !/needs? you\.$|firing/.test(expected));
  });
}

test('reasons stand in order: failed, sick, waiting; then the longest first', () => {
  const servers = [
    server('w', 'waiting'),
    server('s', 'sick'),
    server('f-new', 'failed', { sinceMs: nowMs - 10 }),
    server('f-old', 'failed', { sinceMs: nowMs - 99_999 }),
    server('r', 'ready'),
  ];
  const { reasons } = verdictOf({ nowMs, servers, firing: 0, taken: 0 });
  assert.deepEqual(
    reasons.map((row) => row.server),
    ['f-old', 'f-new', 's', 'w'],
  );
});

test('servers in trouble because of another stand under it, through others too', () => {
  const servers = [
    server('db', 'failed', { sinceMs: nowMs - 50_000, restarts: 3 }),
    server('api', 'sick', { sinceMs: nowMs - 40_000, dependsOn: ['db'] }),
    server('web', 'waiting', { sinceMs: nowMs - 30_000, dependsOn: ['api'] }),
    server('other', 'sick', { sinceMs: nowMs - 90_000, dependsOn: ['db'] }),
  ];
  const { reasons, verdict } = verdictOf({ nowMs, servers, firing: 0, taken: 0 });
  assert.deepEqual(
    reasons.map((row) => [row.server, row.folded]),
    [
      ['db', ['api', 'web']],
      ['other', []],
    ],
  );
  assert.equal(verdict.en, '4 servers need you.');
  assert.equal(reasons[0]?.done.en, 'Restarted 3 times.');
});

test('servers that wait for each other in a circle are told all the same', () => {
  const servers = [
    server('a', 'waiting', { dependsOn: ['b'] }),
    server('b', 'waiting', { dependsOn: ['a'] }),
  ];
  assert.ok(verdictOf({ nowMs, servers, firing: 0, taken: 0 }).reasons.length >= 1);
});

test('the best act of a reason is also its command; who must sign in is sent there first', () => {
  const rows = [
    ['failed', false, 'readLog', /ringmaster logs a$/],
    ['sick', false, 'see', /ringmaster status a$/],
    ['waiting', true, 'signIn', /ringmaster login a$/],
  ] as const;
  for (const [state, needsSignIn, act, command] of rows) {
    const servers = [server('a', state, { needsSignIn })];
    const [reason] = verdictOf({ nowMs, servers, firing: 0, taken: 0 }).reasons;
    assert.equal(reason?.acts[0], act);
    assert.match(reason?.move.en ?? '', command);
  }
});
