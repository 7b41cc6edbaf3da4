import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { type Manner, type OauthSite, startOauthSite } from '../servers/oauth-site.ts';
import { browse } from '../support/browse.ts';
import { createHome, type Daemon, type Home } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

interface Row {
  readonly state: string;
  readonly signIn?: { readonly state: string; readonly why?: string };
}

/** Sites that cannot be trusted before a person is asked: the sign-in is not even begun. */
const refusedAtOnce: Readonly<Record<string, { manner: Partial<Manner>; says: RegExp }>> = {
  'no-pkce': { manner: { pkce: false }, says: /PKCE/ },
  'foreign-issuer': { manner: { issuerInMetadata: 'https://evil.example' }, says: /issuer/i },
  'foreign-resource': {
    manner: { resource: 'https://evil.example/mcp' },
    says: /its metadata is for https:\/\/evil\.example\/mcp/,
  },
  'cloud-metadata': {
    manner: { resourceMetadata: 'http://169.254.169.254/latest/meta-data' },
    says: /Refused to ask http:\/\/169\.254\.169\.254/,
  },
  'file-metadata': { manner: { resourceMetadata: 'file:///etc/passwd' }, says: /Refused to ask/ },
  'script-page': {
    manner: { authorizationEndpoint: 'javascript:alert(1)' },
    says: /metadata of|Refused to send/,
  },
  'plain-page': {
    manner: { authorizationEndpoint: 'http://login.example/authorize' },
    says: /Refused to send a browser to http:\/\/login\.example/,
  },
};
/** Sites whose answer through the browser cannot be trusted: the code is redeemed nowhere. */
const refusedOnReturn: typeof refusedAtOnce = {
  'wrong-iss': { manner: { iss: 'wrong' }, says: /does not say that it comes from/ },
  'missing-iss': { manner: { iss: 'missing' }, says: /does not say that it comes from/ },
  'no-consent': { manner: { consent: 'denied' }, says: /refused the sign-in \(access_denied\)/ },
};

const sites = new Map<string, OauthSite>();
let home: Home;
let daemon: Daemon;

before(async () => {
  const all = { ...refusedAtOnce, ...refusedOnReturn, fine: { manner: {} } };
  for (const [name, { manner }] of Object.entries(all))
    sites.set(name, await startOauthSite(manner));
  const entries = [...sites].map(([name, { url }]) => [name, { url, restart: { failAfter: 1 } }]);
  home = createHome({ servers: Object.fromEntries(entries) });
  daemon = await home.up('answers');
});
after(async () => {
  await home[Symbol.asyncDispose]();
  for (const site of sites.values()) await site.close();
});

function siteOf(name: string): OauthSite {
  const site = sites.get(name);
  assert.ok(site);
  return site;
}

async function settled(name: string): Promise<Row> {
  return waitFor(`${name} to settle`, async () => {
    const row = await daemon.api<Row>(`/servers/${name}`);
    return row.state === 'starting' ? undefined : row;
  });
}

for (const [name, { says }] of Object.entries(refusedAtOnce))
  test(`a sign-in is not begun at a site with ${name}`, async () => {
    await settled(name);
    const refused = await home.run('login', name, '--no-browser', '--lang', 'en');
    assert.equal(refused.code, 1, refused.stdout);
    assert.match(refused.stderr, says);
    const { seen } = siteOf(name);
    assert.deepEqual([seen.authorizations.length, seen.tokenRequests.length], [0, 0]);
    assert.notEqual((await daemon.api<Row>(`/servers/${name}`)).state, 'ready');
  });

for (const [name, { says }] of Object.entries(refusedOnReturn))
  test(`the answer of a site with ${name} is refused, and its code sent nowhere`, async () => {
    await settled(name);
    const login = home.run('login', name, '--no-browser', '--lang', 'en');
    await waitFor('the sign-in to be under way', async () => {
      const { signIn } = await daemon.api<Row>(`/servers/${name}`);
      return signIn?.state === 'underWay';
    });
    const { url } = await daemon.api<{ url: string }>(`/servers/${name}/login`, {});
    const page = await browse(url);
    assert.equal(page.status, 400);
    assert.match(page.text, says);
    assert.doesNotMatch(page.text, /evil\.example/, 'nothing of a foreign answer is shown');
    const { code, stderr } = await login;
    assert.equal(code, 1);
    assert.match(stderr, says);
    assert.equal(siteOf(name).seen.tokenRequests.length, 0);
  });

test('an answer to a sign-in that nobody began is refused', async () => {
  const page = await fetch(`${daemon.origin}/oauth/callback?code=c&state=made-up`);
  assert.equal(page.status, 400);
  assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
  const foreign = await fetch(`${daemon.origin}/oauth/callback?code=c`, {
    headers: { origin: 'https://evil.example' },
  });
  assert.equal(foreign.status, 403);
});

test('tokens go to no other address, and those of clients to no server', async () => {
  await settled('fine');
  const { url } = await daemon.api<{ url: string }>('/servers/fine/login', {});
  assert.equal((await browse(url)).status, 200);
  await waitFor('fine to be ready', async () => (await settled('fine')).state === 'ready');
  const response = await fetch(`${daemon.origin}/servers/fine/mcp`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer canary-of-client',
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'whoami',
    },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: {
        name: 'whoami',
        arguments: {},
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
  });
  assert.match(await response.text(), /the owner/);
  const { bearers } = siteOf('fine').seen;
  assert.ok(bearers.every((bearer) => !bearer?.includes('canary')));

  const recorded: (string | undefined)[] = [];
  const other = createServer((request, answer) => {
    recorded.push(request.headers.authorization);
    answer.writeHead(404).end();
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  home.write({ servers: { fine: { url: `http://127.0.0.1:${port}/mcp` } } });
  await waitFor('the other address to be asked', () => recorded.length > 0);
  assert.ok(recorded.every((bearer) => bearer === undefined));
  other.closeAllConnections();
  other.close();
});
