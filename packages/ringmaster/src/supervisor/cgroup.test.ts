import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  eventCount,
  folderOf,
  isInService,
  leafName,
  limitFiles,
  parseCgroupMount,
  parseMembers,
  parseOwnCgroup,
} from './cgroup.ts';

test('our own control group is the line without a controller', () => {
  const hybrid =
    '4:memory:/process/abc\n1:name=systemd:/\n0::/system.slice/ringmaster-demo.service\n';
  assert.equal(parseOwnCgroup(hybrid), '/system.slice/ringmaster-demo.service');
  assert.equal(parseOwnCgroup('0::/\n'), '/');
  assert.equal(parseOwnCgroup('4:memory:/process/abc\n'), undefined);
});

const ada = '/user.slice/user-1000.slice';
for (const [path, isService] of [
  ['/system.slice/search.service', true],
  ['/system.slice/search.service/daemon', true],
  [`${ada}/user@1000.service/app.slice/search.service`, true],
  [`${ada}/user@1000.service/app.slice/search.service/workers/1`, true],
  [`${ada}/user@1000.service/app.slice/app-editor-7.scope`, false],
  [`${ada}/user@1000.service/init.scope`, false],
  [`${ada}/user@1000.service`, false],
  [`${ada}/session-2.scope`, false],
  ['/', false],
] as const)
  test(`what is in ${path} is ${isService ? 'a' : 'no'} service`, () => {
    assert.equal(isInService(`1:name=systemd:${path}\n0::${path}\n`), isService);
  });

test('the hierarchy of version 2 is found among the mounts, with a space in its path', () => {
  const text =
    '30 1 0:26 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n' +
    '41 31 0:38 /pod /sys/fs/my\\040groups rw,relatime shared:9 - cgroup2 cgroup2 rw\n';
  assert.deepEqual(parseCgroupMount(text), { from: '/pod', at: '/sys/fs/my groups' });
  assert.equal(
    parseCgroupMount('30 1 0:26 / /sys/fs/cgroup rw - cgroup cgroup rw,memory'),
    undefined,
  );
});

for (const [node, from, folder] of [
  ['/', '/', '/cg'],
  ['/a/b', '/', '/cg/a/b'],
  ['/pod/a', '/pod', '/cg/a'],
  ['/pod', '/pod', '/cg'],
  ['/podium', '/pod', undefined],
] as const)
  test(`node ${node}, mounted from ${from}, is ${folder ?? 'not shown'}`, () => {
    assert.equal(folderOf(node, { from, at: '/cg' }), folder);
  });

test('limits become files of the kernel, and memory is a wall', () => {
  const limits = { memoryBytes: 500_000_000, cpuPercent: 150, processes: 20, openFiles: 9 };
  assert.deepEqual(
    limitFiles(limits).map(({ file, text }) => [file, text]),
    [
      ['memory.max', '500000000'],
      ['memory.swap.max', '0'],
      ['memory.oom.group', '1'],
      ['cpu.max', '150000 100000'],
      ['pids.max', '1280'],
    ],
  );
  assert.deepEqual(limitFiles({ openFiles: 9 }), []);
});

test('members and events are read as the kernel writes them', () => {
  assert.deepEqual(parseMembers('12\n0\n345\n'), [12, 345]);
  assert.deepEqual(parseMembers(''), []);
  assert.equal(eventCount('low 0\noom 3\noom_kill 2\n', 'oom_kill'), 2);
  assert.equal(eventCount('populated 1\nfrozen 0\n', 'populated'), 1);
  assert.equal(eventCount('', 'oom_kill'), 0);
});

test('a leaf is named by server, instance, life and generation', () => {
  assert.equal(leafName('owner/memory/0/12', 3), 's.memory.0.3.12');
});
