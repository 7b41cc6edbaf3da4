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
  realPath: '/usr/bin/node',
  isUsual: true,
  places: [],
  environment: ['TOKEN'],
  hash: 'a',
  approved: undefined,
};

for (const row of [
  { says: 'anything that exists, by default', kind: 'allowed' },
  { says: 'a program that does not exist', request: { realPath: undefined }, kind: 'refused' },
  { says: 'a command on the list', policy: { allowCommands: ['node'] }, kind: 'allowed' },
  { says: 'its real path on the list', policy: { allowCommands: ['/usr/bin/*'] }, kind: 'allowed' },
  { says: 'a pattern with a middle', policy: { allowCommands: ['/*/bin/n*e'] }, kind: 'allowed' },
  { says: 'a pattern too long for it', policy: { allowCommands: ['node*e'] }, kind: 'refused' },
  { says: 'a command not on the list', policy: { allowCommands: ['npx'] }, kind: 'refused' },
  {
    says: 'a name on the list that its own PATH leads elsewhere',
    request: { isUsual: false, realPath: '/tmp/node' },
    policy: { allowCommands: ['node'] },
    kind: 'refused',
  },
  {
    says: 'a path that leaves the folder of its pattern',
    request: { command: './ok/../../bin/sh', realPath: '/bin/sh' },
    policy: { allowCommands: ['./ok/*'] },
    kind: 'refused',
  },
  {
    says: 'a path that a variable goes on',
    request: { command: './ok/${TOOL}', realPath: '/bin/sh' },
    policy: { allowCommands: ['./ok/*'] },
    kind: 'refused',
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
