import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { isWithin, type Nearness, type Reach, reachOf } from '../../auth-reach.ts';
import { createGuardedFetch, nearnessOf } from './guarded-fetch.ts';

let server: Server;
let port = 0;
const seen: string[] = [];

before(async () => {
  server = createServer((request, response) => {
    seen.push(request.url ?? '');
    if (request.url === '/away') {
      response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
    } else if (request.url === '/huge') {
      response.writeHead(200);
      const chunk = Buffer.alloc(65_536, 'x');
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    } else response.end(request.headers['content-type'] ?? 'fine');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

for (const [address, nearness] of [
  ['8.8.8.8', 'public'],
  ['2600::1', 'public'],
  ['127.0.0.1', 'loopback'],
  ['127.9.9.9', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:a00:1', 'private'],
  ['10.1.2.3', 'private'],
  ['172.31.0.1', 'private'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['fd00::1', 'private'],
  ['169.254.169.254', 'forbidden'],
  ['fe80::1', 'forbidden'],
  ['0.0.0.0', 'forbidden'],
  ['::', 'forbidden'],
  ['224.0.0.1', 'forbidden'],
  ['255.255.255.255', 'forbidden'],
  ['64:ff9b::7f00:1', 'forbidden'],
  ['2002:7f00:1::', 'forbidden'],
  ['example.com', undefined],
] as const)
  test(`${address} is ${nearness ?? 'no address'}`, () =>
    assert.equal(nearnessOf(address), nearness));

for (const [host, allowPrivate, reach] of [
  ['localhost', false, 'loopback'],
  ['a.localhost', false, 'loopback'],
  ['[::1]', false, 'loopback'],
  ['10.0.0.1', false, 'private'],
  ['mcp.example.com', false, 'public'],
  ['mcp.example.com', true, 'private'],
  ['localhost.example.com', false, 'public'],
] as const)
  test(`a server at ${host}${allowPrivate ? ', allowed,' : ''} may send us to ${reach}`, () => {
    assert.equal(reachOf(host, nearnessOf, allowPrivate), reach);
  });

test('what is nearer than allowed is out of reach, and link-local always', () => {
  const reaches: Reach[] = ['public', 'private', 'loopback'];
  const nearnesses: Nearness[] = ['public', 'private', 'loopback', 'forbidden'];
  const table = reaches.map((reach) => nearnesses.map((nearness) => isWithin(reach, nearness)));
  assert.deepEqual(table, [
    [true, false, false, false],
    [true, true, false, false],
    [true, true, true, false],
  ]);
});

for (const { url, reach, says } of [
  { url: 'http://example.com/', reach: 'public', says: /not https/ },
  { url: 'http://10.0.0.1/', reach: 'private', says: /not https/ },
  { url: 'file:///etc/passwd', reach: 'loopback', says: /not https/ },
  { url: 'https://127.0.0.1/', reach: 'public', says: /loopback/ },
  { url: 'https://127.0.0.1/', reach: 'private', says: /loopback/ },
  { url: 'https://2130706433/', reach: 'public', says: /loopback/ },
  { url: 'https://0177.0.0.1/', reach: 'public', says: /loopback/ },
  { url: 'https://0x7f.1/', reach: 'public', says: /loopback/ },
  { url: 'https://[::ffff:7f00:1]/', reach: 'public', says: /loopback/ },
  { url: 'https://10.0.0.1/', reach: 'public', says: /private/ },
  { url: 'https://169.254.169.254/', reach: 'loopback', says: /special use/ },
  { url: 'https://localhost/', reach: 'public', says: /loopback/ },
] as const)
  test(`${url} is refused to ${reach} servers`, async () => {
    await assert.rejects(createGuardedFetch(reach)(url), (error: Error) => {
      assert.match(error.message, says);
      return true;
    });
  });

test('a name is judged by what it resolves to, at the moment of the connection', async () => {
  const fetch = createGuardedFetch('private');
  await assert.rejects(fetch(`http://localhost:${port}/name`), /loopback/);
  assert.ok(!seen.includes('/name'), 'nothing was sent');
});

test('on behalf of a server of this machine this machine is asked', async () => {
  const answer = await createGuardedFetch('loopback')(`http://localhost:${port}/x`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ a: 'b' }),
  });
  assert.equal(await answer.text(), 'application/x-www-form-urlencoded');
});

test('redirects are handed back, not followed', async () => {
  const answer = await createGuardedFetch('loopback')(`http://127.0.0.1:${port}/away`);
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.get('location'), 'http://169.254.169.254/latest');
});

test('an answer without end is cut off', async () => {
  const huge = createGuardedFetch('loopback')(`http://127.0.0.1:${port}/huge`);
  await assert.rejects(huge, /more than 262144 bytes/);
});
