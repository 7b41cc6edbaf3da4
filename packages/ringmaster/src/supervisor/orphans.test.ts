import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findOrphans, type KnownServer, type ProcessFacts } from './orphans.ts';

const facts = (pid: number, more: Partial<ProcessFacts>): ProcessFacts => ({
  ...{ pid, parentPid: 1, startTime: `t${pid}`, words: [], residentBytes: 10, ageMs: 1_000 },
  ...{ mark: undefined, isService: false },
  ...more,
});

const known: KnownServer[] = [
  { server: 'files', file: 'a.json', command: 'npx', args: ['-y', '@acme/files-thing@1.2', '/d'] },
  { server: 'mine', file: 'b.json', command: 'node', args: ['/srv/mine/server.js', '--x', '${T}'] },
  { server: 'tool', file: 'b.json', command: '/opt/bin/my-tool', args: [] },
  { server: 'bare', file: 'b.json', command: 'node', args: [] },
  { server: 'py', file: 'b.json', command: 'uvx', args: ['weather-thing==2'] },
];

const isOwnerAlive = (owner: string) => owner === 'alive';

function find(...rows: ProcessFacts[]) {
  return findOrphans([facts(1, { parentPid: 0, words: ['/sbin/init'] }), ...rows], {
    known,
    isOwnerAlive,
  });
}

const rows: { line: string | string[]; server?: string; told: string | undefined }[] = [
  { line: ['npm exec @acme/files-thing@1.2 /d'], server: 'files', told: 'configuration' },
  {
    line: 'node /h/.npm/_npx/1/node_modules/.bin/files-thing /d',
    server: 'files',
    told: 'configuration',
  },
  {
    line: 'node /h/node_modules/@acme/files-thing/dist/i.js',
    server: 'files',
    told: 'configuration',
  },
  { line: ['sh', '-c', 'files-thing /d'], server: 'files', told: 'configuration' },
  { line: '/usr/bin/node /srv/mine/server.js --x secret', server: 'mine', told: 'configuration' },
  { line: 'node /srv/mine/server.js --y secret', told: undefined },
  { line: 'node /srv/other/server.js', told: undefined },
  { line: '/opt/bin/my-tool', server: 'tool', told: 'configuration' },
  { line: '/usr/bin/python3 /opt/bin/weather-thing', server: 'py', told: 'configuration' },
  { line: 'node', told: undefined },
  { line: 'mcp-server-git --repo .', told: 'command' },
  { line: 'node /x/node_modules/.bin/mcp-server-memory', told: 'command' },
  { line: 'npx -y @modelcontextprotocol/server-everything', told: 'command' },
  { line: 'python3 /x/email-mcp.py', told: 'command' },
  { line: 'uv run google-docs-mcp-server', told: 'command' },
  { line: 'tmux new -s email-mcp', told: undefined },
  { line: 'vim email-mcp', told: undefined },
  { line: 'tail -f mcp-server-git.log', told: undefined },
  { line: 'node /x/ringmaster/bin/ringmaster.js up', told: undefined },
  { line: 'node /x/supervisor/io/guardian.js /x/mcp-server-data', told: undefined },
];
for (const { line, server, told } of rows) {
  const words = typeof line === 'string' ? line.split(' ') : line;
  test(`an orphan that runs ${words.join(' ')} is told by ${told ?? 'nothing'}`, () => {
    const [orphan] = find(facts(10, { words }));
    assert.deepEqual([orphan?.told, orphan?.server], [told, server]);
  });
}

const words = ['mcp-server-git'];
const parents: { what: string; parent: ProcessFacts | undefined; isOrphan: boolean }[] = [
  { what: 'is gone', parent: undefined, isOrphan: true },
  { what: 'is a client', parent: facts(5, { parentPid: 1, words: ['claude'] }), isOrphan: false },
  {
    what: "is the user's service manager",
    parent: facts(5, { words: ['/lib/systemd/systemd', '--user'] }),
    isOrphan: true,
  },
];
for (const { what, parent, isOrphan } of parents) {
  test(`a server whose parent ${what} is ${isOrphan ? 'an orphan' : 'looked after'}`, () => {
    const found = find(
      ...(parent === undefined ? [] : [parent]),
      facts(10, { parentPid: 5, words }),
    );
    assert.equal(found.length, isOrphan ? 1 : 0);
  });
}

test('a service of the machine and a server of a living Ringmaster are no orphans; of a dead one they are', () => {
  assert.equal(find(facts(10, { words, isService: true })).length, 0);
  assert.equal(find(facts(10, { words, mark: 'alive/git/0/1' })).length, 0);
  for (const isService of [false, true]) {
    const [orphan] = find(facts(10, { words: ['anything'], mark: 'dead/git/0/1', isService }));
    assert.deepEqual([orphan?.told, orphan?.server], ['mark', 'git']);
  }
});

test('an orphan is told once, with the memory and the processes of everything below it', () => {
  const found = find(
    facts(10, { words: ['npm exec @acme/files-thing@1.2 /d'] }),
    facts(11, { parentPid: 10, words: ['sh', '-c', 'files-thing /d'] }),
    facts(12, { parentPid: 11, words: ['node', '/x/files-thing'] }),
    facts(13, { parentPid: 99, words: ['other'] }),
  );
  assert.equal(found.length, 1);
  assert.equal(found[0]?.memoryBytes, 30);
  assert.deepEqual(
    found[0]?.processes.map(({ pid }) => pid),
    [10, 11, 12],
  );
});
