import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveFleet } from './resolve.ts';
import { fleetFileSchema } from './schema.ts';

function problems(entry: Readonly<Record<string, unknown>>): string {
  const parsed = fleetFileSchema.safeParse({ servers: { site: entry } });
  if (!parsed.success) return parsed.error.issues.map(({ message }) => message).join('; ');
  const resolved = resolveFleet(parsed.data, { revision: 1, baseDir: '/' });
  if (resolved.ok) return 'fine';
  return resolved.problems.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
}

const url = 'https://site.example/mcp';
const client = { clientId: 'c', clientSecret: '${SECRET}' };

for (const { title, entry, says } of [
  { title: 'nothing said', entry: { url }, says: /^fine$/ },
  { title: 'a client with a secret', entry: { url, auth: client }, says: /^fine$/ },
  {
    title: 'a client that signs itself in',
    entry: { url, auth: { ...client, grant: 'client_credentials' } },
    says: /^fine$/,
  },
  {
    title: 'a program that is started',
    entry: { command: 'x', auth: { type: 'oauth' } },
    says: /site\.auth is for a server that is only connected to/,
  },
  {
    title: 'a secret of nobody',
    entry: { url, auth: { clientSecret: 's' } },
    says: /clientSecret belongs to a client/,
  },
  {
    title: 'no person and no proof',
    entry: { url, auth: { grant: 'client_credentials', clientId: 'c' } },
    says: /needed clientId and clientSecret or privateKeyFile/,
  },
  {
    title: 'two proofs',
    entry: { url, auth: { ...client, privateKeyFile: 'k.pem' } },
    says: /needed only one of them/,
  },
  {
    title: 'two ways in',
    entry: { url, headers: { authorization: 'x' }, auth: { type: 'oauth' } },
    says: /beside a header Authorization/,
  },
  {
    title: 'a metadata document without https',
    entry: { url, auth: { clientMetadataUrl: 'http://x/y' } },
    says: /https address with a path/,
  },
  {
    title: 'a scope that is two',
    entry: { url, auth: { scopes: ['a b'] } },
    says: /needed a scope/,
  },
  {
    title: 'a variable that is never closed',
    entry: { url, auth: { clientId: 'c', clientSecret: '${X' } },
    says: /begins no variable/,
  },
])
  test(`auth: ${title}`, () => assert.match(problems(entry), says));
