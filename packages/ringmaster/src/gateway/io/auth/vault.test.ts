import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import type { Credential } from '../../sign-in.ts';
import { createVault } from './vault.ts';

const folders: string[] = [];
const told: string[] = [];
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringmaster-vault-'));
  folders.push(folder);
  told.length = 0;
});
after(() => {
  for (const one of folders) rmSync(one, { recursive: true });
});

const open = () => createVault({ folder, report: (sentence) => told.push(sentence) });
const canary = 'canary-7c1e';

function credential(more: Partial<Credential> = {}): Credential {
  return {
    ...{ server: 'wiki', url: 'https://wiki.example/mcp', issuer: 'https://login.example' },
    ...{ principal: 'local', metadata: {}, resource: 'https://wiki.example/mcp' },
    client: { client_id: 'c', client_secret: `secret-${canary}` },
    askedScopes: ['read'],
    tokens: { accessToken: `access-${canary}`, scopes: ['read'] },
    ...more,
  };
}

test('what was put in one life of the daemon is there in the next', () => {
  open().put(credential());
  assert.deepEqual(open().newest('wiki', 'https://wiki.example/mcp'), credential());
});

test('credentials are kept apart by server, address and issuer', () => {
  const vault = open();
  vault.put(credential());
  vault.put(credential({ issuer: 'https://other.example', askedScopes: [] }));
  const where = { server: 'wiki', url: 'https://wiki.example/mcp' };
  assert.deepEqual(vault.get({ ...where, issuer: 'https://login.example' }), credential());
  assert.equal(vault.newest(where.server, where.url)?.issuer, 'https://other.example');
  assert.equal(vault.newest('wiki', 'https://evil.example/mcp'), undefined);
  assert.equal(vault.newest('other', where.url), undefined);
  assert.equal(vault.get({ ...where, issuer: 'https://login.example/' }), undefined);
});

test('no byte of a secret is readable on disk, and only the owner may read the files', () => {
  open().put(credential());
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    assert.ok(!readFileSync(path, 'latin1').includes(canary), name);
    assert.equal(statSync(path).mode & 0o777, 0o600, name);
  }
});

test('each writing has a seal of its own', () => {
  const vault = open();
  vault.put(credential());
  const first = readFileSync(join(folder, 'credentials'));
  vault.put(credential());
  assert.notDeepEqual(readFileSync(join(folder, 'credentials')), first);
});

for (const { fault, spoil } of [
  {
    fault: 'one bit was turned',
    spoil() {
      const path = join(folder, 'credentials');
      const bytes = readFileSync(path);
      bytes[40] = (bytes[40] ?? 0) ^ 1;
      writeFileSync(path, bytes);
    },
  },
  { fault: 'it was cut', spoil: () => writeFileSync(join(folder, 'credentials'), 'abc') },
  {
    fault: 'the key is another one',
    spoil: () => writeFileSync(join(folder, 'credentials.key'), Buffer.alloc(32, 7)),
  },
  { fault: 'the key is gone', spoil: () => rmSync(join(folder, 'credentials.key')) },
])
  test(`a vault is put aside and begun anew when ${fault}`, () => {
    open().put(credential());
    spoil();
    const vault = open();
    assert.equal(vault.newest('wiki', 'https://wiki.example/mcp'), undefined);
    assert.match(told.join(), /put aside/);
    assert.doesNotMatch(told.join(), new RegExp(canary));
    assert.ok(readdirSync(folder).includes('credentials.unreadable'));
    vault.put(credential());
    assert.deepEqual(open().newest('wiki', 'https://wiki.example/mcp'), credential());
  });

test('a server that is removed takes all its credentials with it', () => {
  const vault = open();
  vault.put(credential());
  vault.put(credential({ issuer: 'https://other.example' }));
  vault.put(credential({ server: 'stays' }));
  vault.remove('wiki');
  assert.equal(open().newest('wiki', 'https://wiki.example/mcp'), undefined);
  assert.equal(open().newest('stays', 'https://wiki.example/mcp')?.server, 'stays');
});
