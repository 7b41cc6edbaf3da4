import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startOauthSite } from '../servers/oauth-site.ts';
import { browse } from '../support/browse.ts';
import { covers } from '../support/covers.ts';
import { createHome, type Daemon } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

interface Row {
  readonly state: string;
  readonly why: string;
  readonly signIn?: {
    readonly state: string;
    readonly why?: string;
    readonly issuer?: string;
    readonly scopes: readonly string[];
  };
}

const row = (daemon: Daemon, server = 'site') => daemon.api<Row>(`/servers/${server}`);

function until(daemon: Daemon, what: string, is: (row: Row) => boolean, server = 'site') {
  return waitFor(`${server} to be ${what}`, async () => {
    const now = await row(daemon, server);
    return is(now) ? now : undefined;
  });
}

async function beginLogin(daemon: Daemon, server = 'site'): Promise<string> {
  const begun = await daemon.api<{ url?: string; message?: string }>(
    `/servers/${server}/login`,
    {},
  );
  assert.ok(begun.url, JSON.stringify(begun));
  return begun.url;
}

test('a remote server that asks for a sign-in says so, and is used once somebody signed in', async () => {
  covers('server.login', 'server.logout');
  const site = await startOauthSite();
  await using home = createHome({ servers: { site: { url: site.url } } });
  const daemon = await home.up('answers');
  const waiting = await until(daemon, 'in need of a sign-in', (now) => now.state === 'waiting');
  assert.match(waiting.why, /ringmaster login site/);
  assert.equal(waiting.signIn?.state, 'needed');
  const refused = await daemon.api<{ detail?: string }>('/tools/call', {
    ...{ server: 'site', tool: 'whoami', arguments: {} },
  });
  assert.match(JSON.stringify(refused), /ringmaster login site/);

  const login = home.run('login', 'site', '--no-browser', '--lang', 'en');
  const url = await waitFor('the address to open', () => site.seen.registrations.length > 0).then(
    () => beginLogin(daemon),
  );
  const page = await browse(url, 'ja');
  assert.equal(page.status, 200);
  assert.match(page.text, /site にサインインしました/);
  const { code, stdout, stderr } = await login;
  assert.equal(code, 0, stderr);
  assert.match(stderr, /open this page/);
  assert.match(stdout, /Signed in to site at http:\/\/127\.0\.0\.1/);

  await until(daemon, 'ready', (now) => now.state === 'ready');
  const client = await daemon.legacy();
  assert.equal(await client.call('whoami'), 'the owner');
  const status = await home.run('status', 'site');
  assert.match(status.stdout, /signed in at http/);
  const [asked] = site.seen.authorizations;
  assert.equal(asked?.get('resource'), site.url);
  assert.equal(asked?.get('scope'), 'read');
  assert.equal(site.seen.registrations[0]?.['application_type'], 'native');

  const again = await fetch(page.address);
  assert.equal(again.status, 400, 'an answer is good for one time');

  const logout = await home.run('logout', 'site', '--lang', 'ja');
  assert.match(logout.stdout, /サインインを破棄しました/);
  assert.equal(site.seen.revocations, 1);
  await until(daemon, 'without a sign-in', (now) => now.signIn?.state === 'needed');
  await site.close();
});

test('a sign-in outlives the daemon, and no file, log or answer shows a token', async () => {
  const site = await startOauthSite();
  await using home = createHome({ servers: { site: { url: site.url } } });
  const first = await home.up('answers');
  await until(first, 'in need of a sign-in', (now) => now.signIn?.state === 'needed');
  assert.equal((await browse(await beginLogin(first))).status, 200);
  await until(first, 'ready', (now) => now.state === 'ready');
  assert.equal(await (await first.legacy()).call('whoami'), 'the owner');
  site.revoke('all');
  await (await first.legacy()).call('whoami').catch(() => {});
  const shown = [
    ...[await first.api('/servers'), await first.api('/events?limit=1000')],
    ...[await first.api('/fleet'), await first.api('/status')],
  ];
  await first.kill();

  const second = await home.up('answers');
  const needed = await until(second, 'in need again', (now) => now.signIn?.state === 'needed');
  assert.match(needed.signIn?.why ?? '', /ended the sign-in|has signed in/);
  assert.equal((await browse(await beginLogin(second))).status, 200);
  await until(second, 'ready', (now) => now.state === 'ready');
  await second.kill();

  const third = await home.up();
  assert.equal(await (await third.legacy()).call('whoami'), 'the owner');
  assert.equal(site.seen.authorizations.length, 2, 'nobody was asked a third time');
  const written = textsBelow(home.dataDir);
  const secrets = site.secrets().filter((secret) => secret !== 'known-secret');
  assert.ok(secrets.length >= 6);
  for (const secret of secrets) {
    const where = written.filter(([, text]) => text.includes(secret)).map(([path]) => path);
    assert.deepEqual(where, [], `${secret} is on disk`);
    assert.ok(!JSON.stringify(shown).includes(secret), `${secret} is shown`);
    assert.ok(!`${first.output()}${second.output()}${third.output()}`.includes(secret));
  }
  for (const name of ['credentials', 'credentials.key'])
    assert.equal(statSync(join(home.dataDir, name)).mode & 0o777, 0o600, name);
  await site.close();
});

function textsBelow(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .map((path) => [path, readFileSync(path, 'latin1')]);
}

test('tokens are renewed before they end and when they are refused, once for all calls', async () => {
  const site = await startOauthSite({ accessSeconds: 4 });
  await using home = createHome({ servers: { site: { url: site.url } } });
  const daemon = await home.up('answers');
  await until(daemon, 'in need of a sign-in', (now) => now.signIn?.state === 'needed');
  assert.equal((await browse(await beginLogin(daemon))).status, 200);
  await until(daemon, 'ready', (now) => now.state === 'ready');
  const renewals = () =>
    site.seen.tokenRequests.filter((asked) => asked.get('grant_type') === 'refresh_token').length;
  site.manner.accessSeconds = 3_600;
  const client = await daemon.legacy();
  await waitFor('tokens that end soon to be renewed', async () => {
    assert.equal(await client.call('whoami'), 'the owner');
    return renewals() > 0;
  });
  assert.equal(site.seen.refused, 0, 'no request went out with tokens that had ended');
  const before = renewals();
  assert.equal(await client.call('whoami'), 'the owner');
  assert.equal(renewals(), before, 'what lasts is left alone');

  site.revoke('access');
  const calls = Array.from({ length: 20 }, () => client.call('whoami'));
  assert.deepEqual(new Set(await Promise.all(calls)), new Set(['the owner']));
  assert.equal(renewals(), before + 1, 'one renewal helps all that were refused');

  site.manner.refresh = 'refused';
  site.revoke('all');
  await waitFor('the sign-in to be over', async () => {
    await client.call('whoami').catch(() => {});
    return (await row(daemon)).signIn?.state === 'needed';
  });
  await assert.rejects(client.call('whoami'), /ringmaster login site/);
  const { stdout } = await home.run('events', '--kind', 'signIn.needed');
  assert.match(stdout, /signIn\.needed/);
  await site.close();
});

test('a call that needs more rights says so, and the next sign-in asks for all of them', async () => {
  const site = await startOauthSite();
  await using home = createHome({ servers: { site: { url: site.url } } });
  const daemon = await home.up('answers');
  await until(daemon, 'in need of a sign-in', (now) => now.signIn?.state === 'needed');
  assert.equal((await browse(await beginLogin(daemon))).status, 200);
  await until(daemon, 'ready', (now) => now.state === 'ready');
  const client = await daemon.legacy();
  await assert.rejects(client.call('write'), /more rights.*write.*ringmaster login site/);
  assert.equal(await client.call('whoami'), 'the owner', 'what was granted goes on');
  assert.equal((await browse(await beginLogin(daemon))).status, 200);
  assert.equal(site.seen.authorizations.at(-1)?.get('scope'), 'read write');
  assert.equal(await client.call('write'), 'written');
  await site.close();
});

test('a client signs itself in with its secret, without a person', async () => {
  const site = await startOauthSite();
  const auth = { grant: 'client_credentials', clientId: 'known-client' };
  await using home = createHome({
    servers: { site: { url: site.url, auth: { ...auth, clientSecret: '${SITE_SECRET}' } } },
    variablesFile: 'secrets.env',
  });
  writeFileSync(join(home.folder, 'secrets.env'), 'SITE_SECRET=known-secret\n');
  const daemon = await home.up();
  const client = await daemon.legacy();
  assert.equal(await client.call('write'), 'written', 'it steps up by itself');
  assert.equal((await row(daemon)).signIn?.state, 'signedIn');

  const elsewhere = await startOauthSite();
  site.manner.authorizationServer = elsewhere.issuer;
  site.revoke('access');
  await assert.rejects(client.call('whoami'), /needed auth\.issuer in the fleet file/);
  assert.equal(elsewhere.seen.tokenRequests.length, 0, 'its secret is told to nobody else');
  await elsewhere.close();
  assert.equal(site.seen.authorizations.length, 0);
  await site.close();
});
