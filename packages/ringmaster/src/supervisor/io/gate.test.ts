import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Problem } from '../../errors.ts';
import type { NewEvent } from '../../journal/events.ts';
import type { SpawnPolicy } from '../spawn-gate.ts';
import { absolutePaths, createSpawnGate, type Intent, spawnPermitted } from './gate.ts';

/** A folder with `safe/tool`, a link to it, and a link in `safe` that leads outside. */
function inFolder(run: (folder: string) => void): void {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ringmaster-gate-')));
  try {
    for (const name of ['safe', 'wild']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'tool'), '#!/bin/sh\n');
      chmodSync(join(folder, name, 'tool'), 0o755);
    }
    symlinkSync(join(folder, 'wild', 'tool'), join(folder, 'safe', 'escape'));
    run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function gateOf(policy: Partial<SpawnPolicy>, approved = new Map<string, string>()) {
  const events: NewEvent[] = [];
  const gate = createSpawnGate({
    clock: { nowMs: () => 7, tickMs: () => 7, after: () => () => {} },
    append: (event) => events.push(event),
    policy: () => ({
      ...{ allowCommands: [], allowPaths: [], allowEnvironment: [], approve: 'never' },
      ...policy,
    }),
    approved: (server) => approved.get(server),
    remember: (server, hash) => void approved.set(server, hash),
  });
  const pass = (command: string, path?: string, hash = 'a', more: Partial<Intent> = {}) =>
    gate.pass({
      ...{
        server: 'it',
        written: command,
        command,
        args: [],
        cwd: '/',
        isCwdSet: false,
        environment: [],
        path,
        hash,
      },
      ...{ account: { user: undefined, group: undefined }, openFiles: undefined },
      ...more,
    });
  return { pass, events, approved };
}

test('a command is looked up in the PATH it will have', () =>
  inFolder((folder) => {
    const { pass } = gateOf({});
    const path = `${join(folder, 'nothing')}:${join(folder, 'safe')}`;
    assert.equal(pass('tool', path).program, join(folder, 'safe', 'tool'));
    assert.throws(() => pass('tool', '/does/not/exist'), /found no program "tool"/);
  }));

test('a path is one from the working directory, not from where the daemon was started', () =>
  inFolder((folder) => {
    const { pass } = gateOf({});
    const permit = pass('./tool', undefined, 'a', { cwd: join(folder, 'safe') });
    assert.equal(permit.program, join(folder, 'safe', 'tool'));
    assert.throws(() => pass('./tool', undefined, 'a', { cwd: folder }), /found no program/);
  }));

test('a script or working directory that a link leads out of an allowed folder is refused', () =>
  inFolder((folder) => {
    const { pass } = gateOf({
      allowPaths: [dirname(realpathSync(process.execPath)), join(folder, 'safe')],
    });
    const node = process.execPath;
    const safe = join(folder, 'safe');
    assert.ok(pass(node, undefined, 'a', { args: ['tool', '--flag', 'nowhere'], cwd: safe }));
    assert.throws(
      () => pass(node, undefined, 'a', { args: ['escape'], cwd: safe }),
      /wild\/tool is in none of the folders of spawn\.allowPaths/,
    );
    const cwd = join(folder, 'wild');
    assert.throws(() => pass(node, undefined, 'a', { cwd, isCwdSet: true }), /wild is in none/);
  }));

test('a link that leads out of an allowed folder is refused, and the journal says so', () =>
  inFolder((folder) => {
    const { pass, events } = gateOf({ allowPaths: [join(folder, 'safe')] });
    assert.equal(pass(join(folder, 'safe', 'tool')).program, join(folder, 'safe', 'tool'));
    assert.throws(
      () => pass(join(folder, 'safe', 'escape')),
      (error) => error instanceof Problem && error.code === 'spawn_refused',
    );
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['spawn.refused'],
    );
  }));

/** What `allowCommands` of a fleet file in this folder lets through. */
function allowing(folder: string, ...allowCommands: string[]) {
  const spawn = {
    ...{ allowCommands: allowCommands, allowPaths: [], allowEnvironment: [] },
    approve: 'never' as const,
  };
  return gateOf(absolutePaths({ spawn, baseDir: folder })).pass;
}

test('a link that leads out of the folder of a pattern is refused, and it is said where to', () =>
  inFolder((folder) => {
    const link = join(folder, 'safe', 'escape');
    for (const pattern of ['./safe/*', `${folder}/safe/*`, '*/safe/*', './safe/e*'])
      assert.throws(
        () => allowing(folder, pattern)(link),
        /escape fits a pattern .* leads to .*\/wild\/tool/,
      );
    const pass = allowing(folder, './safe/*');
    assert.ok(pass(join(folder, 'safe', 'tool')));
    assert.throws(() => pass('escape', join(folder, 'safe')), /leads to .*\/wild\/tool/);
    symlinkSync(join(folder, 'wild'), join(folder, 'safe', 'sub'));
    assert.throws(() => pass(join(folder, 'safe', 'sub', 'tool')), /leads to .*\/wild\/tool/);
  }));

test('a link that is named itself is allowed, and so is what a link within the folder leads to', () =>
  inFolder((folder) => {
    const link = join(folder, 'safe', 'escape');
    assert.equal(allowing(folder, './safe/escape')(link).program, link, 'it is run as linked');
    symlinkSync('tool', join(folder, 'safe', 'alias'));
    assert.ok(allowing(folder, './safe/*')(join(folder, 'safe', 'alias')));
  }));

test('a pattern whose own folder is a link means the folder that it leads to', () =>
  inFolder((folder) => {
    symlinkSync(join(folder, 'safe'), join(folder, 'current'));
    const pass = allowing(folder, './current/*');
    assert.ok(pass(join(folder, 'current', 'tool')));
    assert.ok(pass(join(folder, 'safe', 'tool')));
    assert.throws(() => pass(join(folder, 'current', 'escape')), /which is .*\/wild\/tool, is not/);
  }));

test('a path on the list is of the fleet file, wherever an entry says it works', () =>
  inFolder((folder) => {
    const wild = join(folder, 'wild', 'safe');
    mkdirSync(wild);
    symlinkSync('../tool', join(wild, 'tool'));
    for (const pattern of ['./safe/tool', './safe/*'])
      assert.throws(
        () =>
          allowing(folder, pattern)(join(wild, 'tool'), undefined, 'a', {
            ...{ written: './safe/tool', cwd: join(folder, 'wild'), isCwdSet: true },
          }),
        /"\.\/safe\/tool", which is .*\/wild\/tool, is not among spawn\.allowCommands/,
      );
  }));

test('node, npm and npx of this machine are allowed by name, whatever links stand for them', () =>
  inFolder((folder) => {
    const path = process.env['PATH'];
    const pass = allowing(folder, 'node', 'npx');
    for (const name of ['node', 'npx']) assert.ok(pass(name, path));
    assert.throws(() => pass('npm', path), /"npm", which is .*, is not among/);
    const nodes = dirname(dirname(realpathSync(process.execPath)));
    assert.ok(allowing(folder, `${nodes}/*`)(process.execPath));
  }));

test('what was seen first is approved; a change waits for a person', () =>
  inFolder((folder) => {
    const { pass, approved } = gateOf({ approve: 'changed' });
    const tool = join(folder, 'safe', 'tool');
    pass(tool, undefined, 'first');
    assert.throws(
      () => pass(tool, undefined, 'second'),
      (error) => error instanceof Problem && error.code === 'approval_needed',
    );
    approved.set('it', 'second');
    assert.equal(pass(tool, undefined, 'second').program, tool);
  }));

const isRoot = process.getuid?.() === 0;

function outputOf(permit: ReturnType<ReturnType<typeof gateOf>['pass']>): Promise<string> {
  return new Promise((resolve) => {
    const child = spawnPermitted(permit, {
      ...{ cwd: '/', env: process.env, stdio: ['ignore', 'pipe', 'inherit'] },
    });
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    child.once('close', () => resolve(text.trim()));
  });
}

test('a limit of open files is set before the program runs, and the program has the pid', async () => {
  const script =
    'console.log(process.pid, require("fs").readFileSync("/proc/self/limits", "utf8"))';
  const { pass } = gateOf({});
  const permit = pass(process.execPath, undefined, 'a', { openFiles: 321, args: ['-e', script] });
  const child = spawnPermitted(permit, { cwd: '/', env: {}, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  await new Promise((resolve) => child.once('close', resolve));
  assert.match(text, new RegExp(`^${child.pid} `));
  assert.match(text, /Max open files +321 +321/);
});

test('a program runs as the user and group of its entry, without groups of the daemon', {
  skip: !isRoot && 'needs root',
}, async () => {
  const { pass } = gateOf({});
  const account = { user: 'nobody', group: undefined };
  assert.match(
    await outputOf(pass('id', process.env['PATH'], 'a', { account })),
    /^uid=\d+\(nobody\) gid=\d+\(\w+\)( groups=\d+\(\w+\))?$/,
  );
  const numbers = { user: '4321', group: '1234' };
  const asked = pass('id', process.env['PATH'], 'a', { account: numbers });
  assert.match(await outputOf(asked), /^uid=4321 gid=1234( groups=1234)?$/);
});

for (const [account, says] of [
  [{ user: 'no-such-user', group: undefined }, /no user "no-such-user"/],
  [{ user: 'nobody', group: 'no-such-group' }, /no group "no-such-group"/],
  [{ user: '4321', group: undefined }, /needed group too/],
] as const)
  test(`an account that is not there is refused, and journalled: ${JSON.stringify(account)}`, () => {
    const { pass, events } = gateOf({});
    assert.throws(() => pass('id', process.env['PATH'], 'a', { account }), says);
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['spawn.refused'],
    );
  });

test(
  'what the user may not read is refused before it is started',
  { skip: !isRoot && 'needs root' },
  () =>
    inFolder((folder) => {
      const { pass } = gateOf({});
      const account = { user: 'nobody', group: undefined };
      const path = process.env['PATH'];
      assert.throws(
        () => pass('id', path, 'a', { account, cwd: folder }),
        /nobody may not enter the working directory/,
      );
      chmodSync(folder, 0o755);
      const secret = join(folder, 'secret');
      writeFileSync(secret, '', { mode: 0o600 });
      const args = ['--file', 'x', secret];
      assert.throws(
        () => pass('id', path, 'a', { account, cwd: folder, args }),
        /may not read .*secret/,
      );
      chmodSync(secret, 0o644);
      assert.ok(pass('id', path, 'a', { account, cwd: folder, args }));
    }),
);

test('somebody else than root may not start a program as another user', {
  skip: !isRoot && 'needs root to become somebody else',
}, () => {
  const accounts = new URL('./accounts.js', import.meta.url).href;
  const script =
    `import(${JSON.stringify(accounts)}).then(({ findAccount }) => {` +
    'process.setgid(65534); process.setuid(65534);' +
    "for (const user of ['daemon', 'nobody'])" +
    'console.log(JSON.stringify(findAccount({ user, group: undefined }))) })';
  const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  const [other, own] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.match(other.why, /only root may start programs as somebody else/);
  assert.equal(own.uid, 65_534);
});
