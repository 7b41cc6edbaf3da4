import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CauseCode, causeWords } from './cause-words.ts';
import { type DiagnosisFacts, type Finding, findCause } from './find-cause.ts';
import { sayCause, sayNextTry } from './say-cause.ts';

type Row = DiagnosisFacts['row'];
type Exit = NonNullable<Row['lastDeath']>['exit'];

const exited = (code: number): Exit => ({ kind: 'exited', code });
const loop = '5 deaths in a row; slow retries from now on';

/** A failed server that died once; a case says only what is different. */
function facts(more: {
  readonly why?: string;
  readonly exit?: Exit;
  readonly lines?: readonly string[];
  readonly row?: Partial<Row>;
  readonly overLimit?: string;
  readonly hasCommandFile?: boolean;
}): DiagnosisFacts {
  const { exit = exited(1), lines = [], overLimit, hasCommandFile = false } = more;
  const why = more.why ?? `died by itself (exit code 1); ${loop}`;
  return {
    row: {
      ...{ state: 'failed', wanted: 'running', why },
      lastDeath: { atMs: 1, exit, lastLines: [...lines], why },
      ...more.row,
    },
    ...{ lines, overLimit, hasCommandFile },
  };
}

/** As the daemon tells a server that could not be started. */
function notStarted(message: string): Parameters<typeof facts>[0] {
  return {
    why: `could not be started: ${message}; ${loop}`,
    exit: { kind: 'spawnFailed', message },
  };
}
const refused = (why: string) => notStarted(`Server "x" may not be started: ${why}`);
const remote = (why: string) =>
  notStarted(`Cannot open a conversation with server "x": Server "x" gave no reply (${why})`);

const known: readonly (readonly [CauseCode, string, Parameters<typeof facts>[0]])[] = [
  ['nothing', 'it serves', { row: { state: 'ready' } }],
  ['nothing', 'it sleeps', { row: { state: 'asleep' } }],
  ['stoppedAsAsked', 'somebody stopped it', { row: { wanted: 'stopped', state: 'stopped' } }],
  ['signInNeeded', 'nobody signed in', { row: { signIn: { state: 'needed', scopes: [] } } }],
  ['signInNeeded', 'the sign-in expired', { row: { signIn: { state: 'expired', scopes: [] } } }],
  [
    'approvalNeeded',
    'its command changed',
    refused('what it runs has changed since it was approved'),
  ],
  ['approvalNeeded', 'nobody approved it', refused('nobody has approved it yet')],
  ['notAllowed', 'its command is not allowed', refused('"curl" is not among spawn.allowCommands')],
  ['notAllowed', 'a variable is not allowed', refused('its environment sets LD_PRELOAD')],
  [
    'commandNotFound',
    'its command is missing',
    refused('found no program "nod"; looked in PATH or at that path'),
  ],
  [
    'commandNotExecutable',
    'its command has no right to be executed',
    {
      ...refused('found no program "./a.sh"; looked in PATH or at that path'),
      hasCommandFile: true,
    },
  ],
  ['commandNotExecutable', 'the kernel says so', notStarted('spawn ./a.sh EACCES')],
  ['commandNotFound', 'it vanished before the start', notStarted('spawn ./a.sh ENOENT')],
  [
    'folderMissing',
    'its working directory is missing',
    notStarted('The working directory /srv/x of server "x" is no folder'),
  ],
  [
    'variableMissing',
    'a variable has no value',
    notStarted('Server "x": env.TOKEN needs the variable TOKEN, which is not set'),
  ],
  ['portTaken', 'its port is held', notStarted('Port 8000 is held by process 77 (nginx)')],
  [
    'overLimit',
    'it used too much memory',
    {
      why: `killed, as it used 597 MB of memory, resources.memoryBytes allows 150 MB (signal SIGKILL); ${loop}`,
      exit: { kind: 'signalled', signal: 'SIGKILL' },
    },
  ],
  ['overLimit', 'the journal says so', { overLimit: 'used 99 processes' }],
  ['credentialRefused', 'HTTP 401', remote('it answered HTTP 401 no')],
  ['credentialRefused', 'HTTP 403', remote('it answered HTTP 403')],
  ['wrongAddress', 'HTTP 404', remote('it answered HTTP 404 Not Found')],
  ['wrongAddress', 'HTTP 405', remote('it answered HTTP 405')],
  ['failingThere', 'HTTP 503', remote('it answered HTTP 503 busy')],
  ['failingThere', 'HTTP 429', remote('it answered HTTP 429')],
  ['unreachable', 'a refused connection', remote('connect ECONNREFUSED 127.0.0.1:9')],
  ['unreachable', 'an unknown host', remote('getaddrinfo ENOTFOUND nowhere.example')],
  ['certificateRefused', 'a certificate of its own', remote('self-signed certificate')],
  ['versionMismatch', 'another revision', notStarted('it serves only 2031-01-01')],
  ['notMcp', 'an answer that is none', remote('its answer holds no reply')],
  [
    'notMcp',
    'text on stdout',
    { why: `not ready within 3000 ms: what it sent is no MCP: "Listening"; ${loop}` },
  ],
  ['probesFail', 'health', { why: '3 probes failed in a row: HTTP 500', row: { state: 'sick' } }],
  ['probesFail', 'one probe', { why: '1 probe failed: HTTP 500', row: { state: 'sick' } }],
  ['waitsForOthers', 'a dependency', { why: 'waits for db', row: { state: 'waiting' } }],
];

for (const [cause, title, given] of known)
  test(`it is known for certain: ${cause} (${title})`, () => {
    const found = findCause(facts(given));
    assert.equal(found.cause, cause);
    assert.equal(found.certainty, 'certain');
    assert.ok(found.evidence.length > 0);
  });

const written: readonly (readonly [CauseCode, string])[] = [
  ['moduleNotFound', "Error: Cannot find module '/srv/server.js'"],
  ['moduleNotFound', "ModuleNotFoundError: No module named 'mcp'"],
  ['moduleNotFound', "python3: can't open file '/srv/app.py': [Errno 2] No such file or directory"],
  ['packageUnavailable', 'npm error code E404'],
  ['packageUnavailable', 'npm error code ENOTCACHED'],
  ['packageUnavailable', 'npm ERR! network request failed, reason: getaddrinfo EAI_AGAIN'],
  ['packageUnavailable', 'error: Failed to fetch: the simple index of mcp-server-x'],
  ['runtimeUnfit', 'npm WARN EBADENGINE Unsupported engine { required: { node: ">=22" } }'],
  ['runtimeUnfit', "version `GLIBC_2.38' not found (required by node)"],
  ['codeBroken', 'SyntaxError: Unexpected token }'],
  ['codeBroken', 'IndentationError: unexpected indent'],
  ['configBroken', 'SyntaxError: Unexpected token o in JSON at position 1'],
  ['configBroken', 'json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)'],
  ['portTaken', 'Error: listen EADDRINUSE: address already in use 127.0.0.1:8000'],
  ['portTaken', 'OSError: [Errno 98] Address already in use'],
  ['outOfMemory', 'FATAL ERROR: Reached heap limit Allocation failed - heap out of memory'],
  ['outOfMemory', 'MemoryError'],
  ['diskFull', 'OSError: [Errno 28] No space left on device'],
  ['tooManyFiles', "Error: EMFILE: too many open files, open 'a'"],
  ['wrongArgument', 'node: bad option: --experimental-nothing'],
  ['wrongArgument', 'server.py: error: unrecognized arguments: --prot 80'],
  ['wrongArgument', 'error: the following arguments are required: --db'],
  ['settingMissing', "KeyError: 'OPENAI_API_KEY'"],
  ['settingMissing', 'Error: environment variable GITHUB_TOKEN is required'],
  ['credentialRefused', 'Request failed: 401 Unauthorized'],
  ['unreachable', 'Error: connect ECONNREFUSED 127.0.0.1:5432'],
  ['permissionDenied', "Error: EACCES: permission denied, open '/etc/shadow'"],
  ['fileNotFound', "Error: ENOENT: no such file or directory, open '/srv/plug-ins.json'"],
];

for (const [cause, line] of written)
  test(`it is read from what the server wrote: ${cause} (${line.slice(0, 40)})`, () => {
    const lines = ['INFO started', '    at Object.<anonymous> (/srv/app.js:3:7)', line, 'bye'];
    const found = findCause(facts({ lines }));
    assert.equal(found.cause, cause);
    assert.equal(found.certainty, 'likely');
    assert.equal(found.evidence[0], line);
  });

const rest: readonly (readonly [
  CauseCode,
  Finding['certainty'],
  string,
  Parameters<typeof facts>[0],
])[] = [
  [
    'noHandshake',
    'likely',
    'silence',
    {
      why: `not ready within 3000 ms (signal SIGTERM); ${loop}`,
      exit: { kind: 'signalled', signal: 'SIGTERM' },
    },
  ],
  ['endedByItself', 'likely', 'code 0', { why: 'died by itself (exit code 0)', exit: exited(0) }],
  [
    'crashedInside',
    'likely',
    'SIGSEGV',
    { why: 'died by itself', exit: { kind: 'signalled', signal: 'SIGSEGV' } },
  ],
  [
    'killedFromOutside',
    'likely',
    'SIGKILL that nobody here sent',
    { why: 'died by itself', exit: { kind: 'signalled', signal: 'SIGKILL' } },
  ],
  ['crashLoop', 'guess', 'many deaths without a word', {}],
  ['crashed', 'guess', 'one death', { why: 'died by itself; death 1 in a row, started again' }],
];

for (const [cause, certainty, title, given] of rest)
  test(`what nobody wrote is told by how it ended: ${cause} (${title})`, () => {
    const found = findCause(facts(given));
    assert.deepEqual([found.cause, found.certainty], [cause, certainty]);
  });

test('a server that starts for the first time is starting, and one without a trace is unknown', () => {
  const row = { wanted: 'running', why: 'new in the fleet file' } as const;
  const nothing = { lines: [], overLimit: undefined, hasCommandFile: false };
  assert.equal(findCause({ row: { ...row, state: 'starting' }, ...nothing }).cause, 'starting');
  assert.equal(findCause({ row: { ...row, state: 'failed' }, ...nothing }).cause, 'unknown');
});

test('while a server is tried again, the reason of its last death still counts', () => {
  const why = 'could not be started: Server "x" may not be started: found no program "nod"';
  const lastDeath = { atMs: 1, exit: exited(1), lastLines: [], why };
  const again = facts({ why: 'tried again', row: { state: 'starting', lastDeath } });
  assert.equal(findCause(again).cause, 'commandNotFound');
});

test('the line of the error and the place in the own code are the evidence, shortened', () => {
  const lines = [
    '    at Module.load (node:internal/modules:1:2)',
    '    at main (/srv/app.js:3:7)',
    `Error: ENOENT: no such file or directory, open '/${'x'.repeat(400)}'`,
    "  code: 'ENOENT',",
  ];
  const { evidence } = findCause(facts({ lines }));
  assert.match(evidence[0] ?? '', /^Error: ENOENT.*…$/);
  assert.equal(evidence[0]?.length, 300);
  assert.equal(evidence[1], 'at main (/srv/app.js:3:7)');
});

test('every cause is found by some case, and has words in both languages', () => {
  const found = new Set<string>([
    ...known.map(([cause]) => cause),
    ...written.map(([cause]) => cause),
    ...rest.map(([cause]) => cause),
    ...['starting', 'unknown'],
  ]);
  for (const [cause, words] of Object.entries(causeWords)) {
    assert.ok(found.has(cause), `no case finds ${cause}`);
    assert.equal(words.ja.next.length, words.en.next.length, cause);
    for (const text of [words.ja.told, ...words.ja.next]) assert.match(text, /[ぁ-ん一-龠]/, cause);
    for (const text of [words.en.told, ...words.en.next])
      assert.match(text, /^[\x20-\x7e]+$/, cause);
  }
  assert.match(sayCause('signInNeeded', 'mail', 'ja').next[0] ?? '', /ringmaster login mail/);
  assert.equal(
    sayNextTry({ inMs: 2_400, deaths: 3 }, 'en'),
    'Started again in 2 s; 3 deaths lately',
  );
  assert.match(sayNextTry({ inMs: undefined, deaths: 0 }, 'ja'), /予定/);
});
