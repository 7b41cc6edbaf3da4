import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { NoCgroup } from '../cgroup.ts';
import { openCgroups } from './cgroups.ts';

const linux = process.platform === 'linux' ? {} : { skip: 'control groups are Linux' };
const pid = 4242;
const unit = '/system.slice/ringmaster-demo.service';

type Files = Readonly<Record<string, string>>;

/** A node as the kernel shows it: ours to write, with these members. */
const node = (path: string, members = '', offered = 'cpu io memory pids'): Files => ({
  [`/cg${path}/cgroup.type`]: 'domain\n',
  [`/cg${path}/cgroup.procs`]: members,
  [`/cg${path}/cgroup.controllers`]: `${offered}\n`,
  [`/cg${path}/cgroup.subtree_control`]: '',
});

const machine = (own: string): Files => ({
  '/proc/self/mountinfo': '41 31 0:38 / /cg rw - cgroup2 cgroup2 rw\n',
  '/proc/self/cgroup': `0::${own}\n`,
});

/** A directory tree in the place of the kernel's: every write is seen as it is made. */
function withTree(
  files: Files,
  look: (root: string, read: (path: string) => string) => void,
): void {
  const root = mkdtempSync(join(tmpdir(), 'ringmaster-cgroup-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(root + path), { recursive: true });
      writeFileSync(root + path, text);
    }
    look(root, (path) => readFileSync(root + path, 'utf8'));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

test('a daemon that was given a leaf of its own makes leaves beside it, with limits', linux, () => {
  const files = {
    ...machine(`${unit}/daemon`),
    ...node(unit),
    ...node(`${unit}/daemon`, `${pid}\n`),
  };
  withTree(files, (root, read) => {
    const cgroups = openCgroups(7, { root, pid });
    assert.deepEqual(cgroups.state, { kind: 'limits', controllers: ['memory', 'cpu', 'pids'] });
    const limits = { memoryBytes: 100_000_000, cpuPercent: 50, processes: 4 };
    const leaf = cgroups.open('owner/search/1/3', limits);
    assert.equal(leaf?.folder, `${root}/cg${unit}/s.search.1.7.3`);
    const text = (file: string) => read(`/cg${unit}/s.search.1.7.3/${file}`);
    assert.equal(text('memory.max'), '100000000');
    assert.equal(text('memory.swap.max'), '0');
    assert.equal(text('memory.oom.group'), '1');
    assert.equal(text('cpu.max'), '50000 100000');
    assert.equal(text('pids.max'), '256');
    assert.equal(read(`/cg${unit}/cgroup.subtree_control`), '+pids', 'the last of three writes');
    assert.equal(read(`/cg${unit}/daemon/cgroup.procs`), `${pid}\n`, 'it stays where it is');
  });
});

test(
  'the only process of a container moves into a leaf first, so that the node may have controllers',
  linux,
  () => {
    withTree({ ...machine('/pod'), ...node('/pod', `${pid}\n`, 'cpu') }, (root, read) => {
      const cgroups = openCgroups(1, { root, pid });
      assert.equal(read('/cg/pod/daemon/cgroup.procs'), String(pid));
      assert.deepEqual(cgroups.state, { kind: 'members', controllers: ['cpu'] });
      const leaf = cgroups.open('owner/a/0/1', { memoryBytes: 1e6, cpuPercent: 20 });
      assert.equal(existsSync(join(leaf?.folder ?? '', 'memory.max')), false);
      assert.equal(read('/cg/pod/s.a.0.1.1/cpu.max'), '20000 100000');
    });
  },
);

test(
  'in a unit of an older systemd no controller is turned on, as its next daemon could not start',
  linux,
  () => {
    withTree({ ...machine(unit), ...node(unit, `${pid}\n`) }, (root, read) => {
      assert.deepEqual(openCgroups(1, { root, pid }).state, { kind: 'members', controllers: [] });
      assert.equal(read(`/cg${unit}/cgroup.subtree_control`), '');
      assert.equal(read(`/cg${unit}/daemon/cgroup.procs`), String(pid));
    });
  },
);

const { '/cg/cgroup.type': _, ...root } = node('');
const without: readonly (readonly [string, NoCgroup, Files])[] = [
  ['a machine without version 2', 'absent', { '/proc/self/cgroup': '4:memory:/a\n' }],
  ['the root of all', 'root', { ...machine('/'), ...root }],
  ['a terminal, with its shell', 'shared', { ...machine('/tty'), ...node('/tty', `17\n${pid}\n`) }],
];
for (const [where, why, files] of without)
  test(`in ${where} nothing is touched, and it is said why`, linux, () => {
    withTree(files, (folder) => {
      const cgroups = openCgroups(1, { root: folder, pid });
      assert.deepEqual(cgroups.state, { kind: 'none', why, controllers: [] });
      assert.equal(cgroups.open('owner/a/0/1', {}), undefined);
      assert.equal(existsSync(`${folder}/cg/tty/daemon`), false);
    });
  });

const asUser = process.getuid?.() === 0 ? { skip: 'root may write everywhere' } : linux;
test('a node that another user owns is left alone', asUser, () => {
  withTree({ ...machine('/a'), ...node('/a', `${pid}\n`) }, (folder) => {
    chmodSync(`${folder}/cg/a`, 0o555);
    assert.deepEqual(openCgroups(1, { root: folder, pid }).state, {
      kind: 'none',
      why: 'closed',
      controllers: [],
    });
    chmodSync(`${folder}/cg/a`, 0o755);
  });
});
