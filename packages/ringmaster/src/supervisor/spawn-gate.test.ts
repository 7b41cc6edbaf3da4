import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeSpawn, type SpawnPolicy, type SpawnRequest } from './spawn-gate.ts';

const open: SpawnPolicy = {
  allowCommands: [],
  allowPaths: [],
  allowEnvironment: [],
  approve: 'never',
};
const node: SpawnRequest = {
  command: 'node',
  name: 'node',
  path: '/usr/bin/node',
  realPath: '/usr/bin/node',
  isUsual: true,
  places: [],
  environment: ['TOKEN'],
  hash: 'a',
  approved: undefined,
};

/** A command that is a path, the program it leads to, and how it was written. */
function at(path: string, realPath = path, name = path): Partial<SpawnRequest> {
  return { command: name, name, path, realPath, isUsual: false };
}

for (const row of [
  { says: 'anything that exists, by default', kind: 'allowed' },
  {
    says: 'a program that does not exist',
    request: { path: undefined, realPath: undefined },
    kind: 'refused',
  },
  { says: 'a command on the list', policy: { allowCommands: ['node'] }, kind: 'allowed' },
  { says: 'its real path on the list', policy: { allowCommands: ['/usr/bin/*'] }, kind: 'allowed' },
  { says: 'a pattern with a middle', policy: { allowCommands: ['/*/bin/n*e'] }, kind: 'allowed' },
  { says: 'a pattern too long for it', policy: { allowCommands: ['node*e'] }, kind: 'refused' },
  { says: 'a command not on the list', policy: { allowCommands: ['npx'] }, kind: 'refused' },
  {
    says: 'a name on the list that its own PATH leads elsewhere',
    request: { isUsual: false, path: '/tmp/node', realPath: '/tmp/node' },
    policy: { allowCommands: ['node'] },
    kind: 'refused',
  },
  {
    says: 'a path that leaves the folder of its pattern',
    request: at('/bin/sh', '/bin/sh', '/srv/ok/../../bin/sh'),
    policy: { allowCommands: ['/srv/ok/*'] },
    kind: 'refused',
  },
  {
    says: 'a path that a variable goes on',
    request: { ...at('/bin/sh'), command: '/srv/ok/${TOOL}' },
    policy: { allowCommands: ['/srv/ok/*'] },
    kind: 'refused',
  },
  {
    says: 'a link that leads out of the folder of its pattern',
    request: at('/srv/ok/escape', '/bin/sh'),
    policy: { allowCommands: ['/srv/ok/*'] },
    kind: 'refused',
  },
  {
    says: 'a link that fits a pattern of any folder, and leads to another program',
    request: at('/tmp/node', '/bin/sh'),
    policy: { allowCommands: ['*/node', '*node'] },
    kind: 'refused',
  },
  {
    says: 'a link within the folder of its pattern',
    request: at('/nvm/v22/bin/npx', '/nvm/v22/lib/node_modules/npm/bin/npx-cli.js'),
    policy: { allowCommands: ['/nvm/*'] },
    kind: 'allowed',
  },
  {
    says: 'a link that is named itself, wherever it leads',
    request: at('/srv/.venv/bin/python', '/usr/bin/python3.11'),
    policy: { allowCommands: ['/srv/.venv/bin/python'] },
    kind: 'allowed',
  },
  {
    says: 'the program behind a link, where only the link is named',
    request: at('/bin/busybox'),
    policy: { allowCommands: ['/bin/ls'] },
    kind: 'refused',
  },
  {
    says: 'a name on the list that PATH finds as a link',
    request: { ...at('/usr/bin/npx', '/usr/lib/npm/npx-cli.js', 'npx'), isUsual: true },
    policy: { allowCommands: ['np*'] },
    kind: 'allowed',
  },
  {
    says: 'a script outside of the folders',
    request: { places: ['/tmp/evil.js'] },
    policy: { allowPaths: ['/usr'] },
    kind: 'refused',
  },
  {
    says: 'a script inside, and a folder itself',
    request: { places: ['/srv/tools/a.js', '/srv/tools'] },
    policy: { allowPaths: ['/usr', '/srv/tools'] },
    kind: 'allowed',
  },
  { says: 'a program in a folder', policy: { allowPaths: ['/opt', '/usr/bin'] }, kind: 'allowed' },
  { says: 'a folder that only begins alike', policy: { allowPaths: ['/usr/b'] }, kind: 'refused' },
  { says: 'code in the environment', request: { environment: ['LD_PRELOAD'] }, kind: 'refused' },
  {
    says: 'code in the environment that is allowed',
    request: { environment: ['NODE_OPTIONS'] },
    policy: { allowEnvironment: ['NODE_OPTIONS'] },
    kind: 'allowed',
  },
  {
    says: 'a new server, when changes are asked about',
    policy: { approve: 'changed' },
    kind: 'allowed',
  },
  {
    says: 'a new server, when all are asked about',
    policy: { approve: 'all' },
    kind: 'unapproved',
  },
  {
    says: 'a changed server',
    request: { approved: 'b' },
    policy: { approve: 'changed' },
    kind: 'unapproved',
  },
  {
    says: 'an approved server',
    request: { approved: 'a' },
    policy: { approve: 'all' },
    kind: 'allowed',
  },
  { says: 'a changed server, when nobody asks', request: { approved: 'b' }, kind: 'allowed' },
] as readonly {
  says: string;
  policy?: Partial<SpawnPolicy>;
  request?: Partial<SpawnRequest>;
  kind: string;
}[]) {
  test(`${row.says}: ${row.kind}`, () => {
    const verdict = judgeSpawn({ ...open, ...row.policy }, { ...node, ...row.request });
    assert.equal(verdict.kind, row.kind);
  });
}

for (const [request, patterns, says] of [
  [at('/opt/x'), ['/srv/*'], '"/opt/x" is not among spawn.allowCommands'],
  [
    at('/bin/link', '/opt/x', 'link'),
    ['/srv/*'],
    '"link", which is /opt/x, is not among spawn.allowCommands',
  ],
  [
    at('/srv/link', '/opt/x'),
    ['/srv/*'],
    '/srv/link fits a pattern of spawn.allowCommands, but leads to /opt/x, which fits none; ' +
      'a link is allowed by its own path, without *',
  ],
] as const)
  test(`a refusal says which path was judged: ${says}`, () => {
    const policy = { ...open, allowCommands: patterns };
    assert.deepEqual(judgeSpawn(policy, { ...node, ...request }), { kind: 'refused', why: says });
  });
