import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerEntryInput } from '../schema.ts';
import { fleetOf } from '../testing/fleet-of.ts';
import { detectManager, isPm2, isPm2Program, managers } from './index.ts';
import type { ManagerName } from './manager.ts';

const place = { sourceDir: '/src', fleetDir: '/src', homeDir: '/home/me', hasEnvFile: false };

/** Reads a configuration; what comes out must be a valid fleet. */
function read(name: ManagerName, content: unknown, more: Partial<typeof place> = {}) {
  const { servers, notes } = managers[name].read(content, { ...place, ...more });
  const byName = Object.fromEntries(servers.map((server) => [server.name, server.entry]));
  assert.equal(fleetOf({ servers: byName }).servers.length, servers.length);
  return { names: servers.map((server) => server.name), byName, notes: notes.join('\n') };
}

const detected: { path: string; text: string; as: ManagerName | undefined }[] = [
  { path: '/x/circus.ini', text: '[watcher:a]\ncmd = x', as: 'circus' },
  { path: '/x/any', text: '# c\n[circus]\n', as: 'circus' },
  { path: '/x/supervisord.conf', text: '[program:a]\ncommand=x', as: 'supervisord' },
  { path: '/x/a.conf', text: '[supervisord]\n', as: 'supervisord' },
  { path: '/x/Procfile', text: 'web: a', as: 'procfile' },
  { path: '/x/Procfile.dev', text: 'web: a', as: 'procfile' },
  { path: '/x/Procfile', text: 'nothing', as: undefined },
  { path: '/x/notes.txt', text: 'web: a', as: undefined },
  { path: '/x/a.yaml', text: '[watcher:a]', as: undefined },
];
for (const { path, text, as } of detected) {
  test(`${path} with ${JSON.stringify(text)} is ${as ?? 'none of a process manager'}`, () => {
    assert.equal(detectManager(text, path)?.name, as);
  });
}

test('a pm2 file is told by its apps, and a program that makes one is never run', () => {
  assert.ok(isPm2({ apps: [{ script: 'a.js' }] }));
  assert.ok(isPm2([{ script: 'a.js' }]));
  assert.ok(!isPm2({ mcpServers: {}, apps: [{ script: 'a.js' }] }));
  assert.ok(!isPm2({ apps: [] }));
  assert.ok(isPm2Program('/x/ecosystem.config.js'));
  assert.ok(!isPm2Program('/x/ecosystem.config.json'));
});

test('a watcher of circus becomes a service with its directory, environment, grace and log limits', () => {
  const { byName, notes } = read(
    'circus',
    `[watcher:web]
cmd = python -m app --port $(circus.env.port) ; a comment
args = "two words"
working_dir = ./run/../app
graceful_timeout = 12
max_retry = 7
numprocesses = 3
stop_signal = INT
copy_env = True
uid = nobody
gid = 12
rlimit_nofile = 500
stdout_stream.class = FileStream
stdout_stream.filename = web.log
stdout_stream.max_bytes = 1048576
stdout_stream.backup_count = 5

[env]
level = info
port = 1
[env:other,we*]
PORT = 8123
HOME_DIR = $(circus.env.HOME)
PATHS = /a:$PYTHONPATH:$lower
`,
  );
  assert.deepEqual(byName['web'], {
    kind: 'service',
    command: 'python',
    args: ['-m', 'app', '--port', '8123', 'two words'],
    cwd: '/src/app',
    env: { LEVEL: 'info', PORT: '8123', HOME_DIR: '${HOME}', PATHS: '/a:${PYTHONPATH}:$lower' },
    stop: { graceMs: '12s' },
    restart: { failAfter: 7 },
    logs: { maxSizeBytes: 1_048_576, keep: 5 },
    pool: { min: 3 },
    user: 'nobody',
    group: '12',
    resources: { openFiles: 500 },
  } satisfies ServerEntryInput);
  for (const key of ['stop_signal INT', 'copy_env', 'stdout_stream.filename', 'runs as nobody'])
    assert.ok(notes.includes(key), key);
});

test('the highest priority of circus comes first, the lowest of supervisord', () => {
  const watchers = '[watcher:a]\ncmd=x\npriority=1\n[watcher:b]\ncmd=x\npriority=9\n';
  assert.deepEqual(read('circus', watchers).names, ['b', 'a']);
  const programs = '[program:a]\ncommand=x\npriority=9\n[program:b]\ncommand=x\npriority=1\n';
  const { names, notes } = read('supervisord', programs);
  assert.deepEqual(names, ['b', 'a']);
  assert.match(notes, /dependsOn/);
});

const notEnabled: { name: ManagerName; what: string; content: string; says: RegExp }[] = [
  { name: 'circus', what: 'shell = true', content: '[watcher:a]\ncmd=x\nshell=1', says: /shell/ },
  { name: 'circus', what: 'autostart', content: '[watcher:a]\ncmd=x\nautostart=0', says: /auto/ },
  { name: 'circus', what: 'no cmd', content: '[watcher:a]\npriority=1', says: /no cmd/ },
  {
    name: 'circus',
    what: 'a socket',
    content: '[watcher:a]\ncmd=x --fd $(circus.sockets.web)\n[socket:web]\nport=1',
    says: /socket/,
  },
  {
    name: 'supervisord',
    what: 'autostart',
    content: '[program:a]\ncommand=x\nautostart=false',
    says: /autostart/,
  },
  { name: 'supervisord', what: 'no command', content: '[program:a]\nuser=x', says: /no command/ },
  { name: 'procfile', what: 'a pipe', content: 'a: x | y', says: /shell/ },
  { name: 'procfile', what: 'a release', content: 'release: x', says: /run once/ },
];
for (const { name, what, content, says } of notEnabled) {
  test(`${name}: a process with ${what} is imported with a note and not enabled`, () => {
    const { byName, notes } = read(name, content);
    assert.deepEqual(
      Object.values(byName).map((entry) => entry.enabled),
      [false],
    );
    assert.match(notes, says);
  });
}

test('a program of supervisord becomes a service, its expressions filled in', () => {
  const { byName, notes } = read(
    'supervisord',
    `[supervisord]
environment=SHARED="yes"
directory=/everywhere
[program:cat]
command=/bin/cat "%(here)s/a b" %(program_name)s-%(process_num)02d %(ENV_HOME)s 100%%
directory=%(here)s/run
startsecs=10
startretries=3
autorestart=unexpected
stopwaitsecs=2000
stopsignal=QUIT
user=me
stdout_logfile=/var/log/cat.log
stdout_logfile_maxbytes=1MB ; each
stdout_logfile_backups=10
environment=A="1",B="two, with comma",
  C='3',D=%(host_node_name)s
[group:both]
programs=cat,dog
[program:dog]
command=dog
`,
  );
  assert.equal(byName['dog']?.cwd, '/everywhere');
  assert.deepEqual(byName['cat'], {
    kind: 'service',
    command: '/bin/cat',
    args: ['/src/a b', 'cat-00', '${HOME}', '100%'],
    cwd: '/src/run',
    env: { SHARED: 'yes', A: '1', B: 'two, with comma', C: '3', D: '%(host_node_name)s' },
    restart: { policy: 'on-failure', failAfter: 3, stableMs: '10s' },
    stop: { graceMs: '600s' },
    logs: { maxSizeBytes: 1_048_576, keep: 10 },
    user: 'me',
  } satisfies ServerEntryInput);
  for (const key of [
    'QUIT',
    'runs as me: the daemon must be root, or me',
    'stdout_logfile is',
    'host_node_name',
    '600 s to stop instead of 2000',
    'group:both',
  ])
    assert.ok(notes.includes(key), key);
});

test('processes of supervisord that differ by their number become a service each', () => {
  const { byName, names, notes } = read(
    'supervisord',
    `[program:web]
command=/srv/web --port=80%(process_num)02d --as=%(program_name)s
environment=NUMBER="%(process_num)d"
numprocs=3
numprocs_start=1
stopsignal=QUIT
[program:same]
command=worker
process_name=%(program_name)s_%(process_num)02d
numprocs=3
`,
  );
  assert.deepEqual(names, ['web-1', 'web-2', 'web-3', 'same']);
  assert.deepEqual(byName['web-3']?.args, ['--port=8003', '--as=web']);
  assert.deepEqual(byName['web-3']?.env, { NUMBER: '3' });
  assert.equal(byName['web-3']?.pool, undefined);
  assert.deepEqual(byName['same']?.pool, { min: 3 });
  assert.equal(notes.match(/stopsignal/g)?.length, 1, 'said once');
});

test('an app of pm2 becomes a service run by the interpreter that pm2 would choose', () => {
  const { byName, notes } = read('pm2', {
    apps: [
      {
        name: 'api',
        script: './server.js',
        args: '--port 3000 "a b"',
        node_args: ['--enable-source-maps'],
        env: { N: 1, T: '${x}' },
        kill_timeout: 3_000,
        min_uptime: '60s',
        max_restarts: 10,
        restart_delay: 4_000,
        instances: 'max',
        exec_mode: 'cluster',
        env_staging: {},
        watch: true,
        uid: 1000,
        max_memory_restart: '300M',
        out_file: 'x',
      },
      { script: 'bin/tool', autorestart: false, cwd: '/srv' },
      { script: 'npm start' },
      { script: 'w.py', interpreter: 'none' },
      { script: 'old.js', interpreter: 'node@20.1.0', namespace: 'x' },
      { name: 'empty' },
    ],
  });
  assert.deepEqual(byName['api'], {
    kind: 'service',
    command: 'node',
    args: ['--enable-source-maps', './server.js', '--port', '3000', 'a b'],
    env: { N: '1', T: '$${x}' },
    restart: { baseDelayMs: '4s', stableMs: '60s', failAfter: 10 },
    stop: { graceMs: '3s' },
    user: '1000',
    resources: { memoryBytes: 314_572_800 },
  } satisfies ServerEntryInput);
  assert.deepEqual(byName['tool'], {
    kind: 'service',
    command: 'bin/tool',
    cwd: '/srv',
    restart: { policy: 'never' },
  });
  assert.deepEqual(byName['npm-start'], { kind: 'service', command: 'npm', args: ['start'] });
  assert.equal(byName['w']?.command, 'w.py');
  assert.equal(byName['old']?.command, 'node');
  for (const key of [
    'instances max',
    'cluster',
    'env_staging',
    'watch',
    'out_file',
    'empty is',
    'node@20.1.0 is taken',
    'namespace is left out',
  ])
    assert.ok(notes.includes(key), key);
});

test('a Procfile line that takes PORT gets one, and .env beside it is read', () => {
  const { byName } = read('procfile', '# mine\nweb: A=1 puma -p $PORT\n', {
    hasEnvFile: true,
    fleetDir: '/fleet',
  });
  assert.deepEqual(byName['web'], {
    kind: 'service',
    command: 'puma',
    args: ['-p', '${PORT}'],
    env: { A: '1' },
    cwd: '/src',
    envFile: '/src/.env',
    port: 'auto',
  });
});

test('lines that are no setting are told with their number', () => {
  assert.match(read('circus', '[watcher:a]\ncmd = x\nnonsense\n').notes, /line 3 .*nonsense/);
  assert.match(read('procfile', 'web: x\n???\n').notes, /line 2 /);
});

test('processes of one name and names that do not fit get free names', () => {
  const { names, notes } = read('pm2', {
    apps: [
      { name: 'ａ b', script: 'x' },
      { name: 'b', script: 'y' },
    ],
  });
  assert.equal(new Set(names).size, 2);
  assert.match(notes, /is called/);
});

for (const [count, pool, note] of [
  ['1', undefined, /^$/],
  ['4', { min: 4 }, /^$/],
  ['20', { min: 20, max: 20 }, /^$/],
  ['100', { min: 64, max: 64 }, /64 processes instead of 100/],
] as const) {
  test(`${count} processes become ${JSON.stringify(pool) ?? 'no pool'}`, () => {
    const { byName, notes } = read('supervisord', `[program:a]\ncommand=x\nnumprocs=${count}\n`);
    assert.deepEqual(byName['a']?.pool, pool);
    assert.match(notes, note);
  });
}

test('the files that belong to a configuration are named by it', () => {
  const circusText = '[circus]\ninclude = *.more.ini a.ini\ninclude_dir = conf.d\n';
  assert.deepEqual(managers.circus.includes?.(circusText, place), [
    ...['*.more.ini', 'a.ini', 'conf.d/*.ini'],
  ]);
  const text = '[include]\nfiles = %(here)s/conf.d/*.conf\n  /etc/more.conf\n';
  assert.deepEqual(managers.supervisord.includes?.(text, place), [
    ...['/src/conf.d/*.conf', '/etc/more.conf'],
  ]);
  assert.deepEqual(managers.circus.includes?.('[watcher:a]\ncmd = x', place), []);
});

test('what a fleet file does not take of an entry is left out with a note, and the rest is imported', () => {
  const { byName, notes } = read('pm2', {
    apps: [
      {
        name: 'env',
        script: '/usr/bin/env bash -c "exec run it"',
        restart_delay: 7_200_000,
        max_restarts: 1.5,
      },
      { script: '/srv/my app/server.js', env: { GOOD: '1' } },
    ],
  });
  assert.deepEqual(byName['env'], {
    kind: 'service',
    command: '/usr/bin/env',
    args: ['bash', '-c', 'exec run it'],
    restart: { maxDelayMs: '7200s' },
  });
  assert.deepEqual(byName['server']?.args, ['/srv/my app/server.js']);
  assert.match(notes, /restart\.baseDelayMs is left out: found 7200000 ms, needed 1 to 3600000 ms/);
  assert.match(notes, /restart\.failAfter is left out: found 1\.5/);
});
