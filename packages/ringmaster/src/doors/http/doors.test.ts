import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Door } from './api.ts';
import { createDoors } from './doors.ts';
import { createPages } from './pages.ts';

const named =
  (name: string): Door =>
  (_request, response) =>
    void response.end(name);
const docs = createPages('docs', '/docs/');
const doors = createDoors({
  '/': named('root'),
  '/api/': named('api'),
  '/api/live': named('live'),
  '/docs': docs,
  '/docs/': docs,
});
const server = createServer((request, response) => doors(request, response, request.url ?? '/'));
let origin = '';
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close().closeAllConnections());

for (const [path, name] of [
  ['/', 'root'],
  ['/other', 'root'],
  ['/api/live', 'live'],
  ['/api/live?after=1', 'live'],
  ['/api/live/x', 'api'],
  ['/api/servers', 'api'],
  ['/apis', 'root'],
] as const) {
  test(`${path} goes to the door that fits best`, async () => {
    assert.equal(await (await fetch(`${origin}${path}`)).text(), name);
  });
}

test('a path that no door has is answered with 404', async () => {
  const few = createServer((request, response) =>
    createDoors({ '/api/': named('api') })(request, response, request.url ?? '/'),
  );
  few.listen(0, '127.0.0.1');
  await once(few, 'listening');
  const answer = await fetch(`http://127.0.0.1:${(few.address() as AddressInfo).port}/x`);
  few.close();
  assert.equal(answer.status, 404);
  assert.match(await answer.text(), /"code":"not_found"/);
});

test('the page of the REST door is served whole, and asks no other address', async () => {
  const start = await fetch(`${origin}/docs`, { redirect: 'manual' });
  assert.equal(start.headers.get('location'), '/docs/');
  const page = await fetch(`${origin}/docs/`);
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'self'/);
  const html = await page.text();
  const names = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name]) => name ?? '');
  assert.ok(names.length >= 3);
  for (const name of names) {
    assert.doesNotMatch(name, /^(https?:)?\/\//);
    const part = await fetch(`${origin}/docs/${name}`);
    assert.equal(part.status, 200, name);
    assert.ok((await part.arrayBuffer()).byteLength > 100);
  }
});

for (const path of ['/docs/../package.json', '/docs/%2e%2e/package.json', '/docs/nothing.js']) {
  test(`${path} leads nowhere else`, async () => {
    const { request } = await import('node:http');
    const status = await new Promise((done) => {
      request(`${origin}`, { path }, (answer) => done(answer.resume().statusCode)).end();
    });
    assert.equal(status, 404);
  });
}

test('a page whose files an update replaced under the running daemon is served as they are now', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-pages-'));
  const write = (name: string, part: string, text: string): void => {
    writeFileSync(join(folder, name), `<script src="${part}">`);
    writeFileSync(join(folder, part), text);
  };
  write('index.html', 'old-12345678.js', 'old');
  const pages = createPages(folder, '/', true);
  const server = createServer((request, response) => pages(request, response, request.url ?? '/'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  assert.match(await (await fetch(`${at}/calls`)).text(), /old-/);
  rmSync(join(folder, 'old-12345678.js'));
  write('index.html', 'newer-12345678.js', 'the newer one');
  assert.equal(await (await fetch(`${at}/calls`)).text(), '<script src="newer-12345678.js">');
  assert.equal(await (await fetch(`${at}/newer-12345678.js`)).text(), 'the newer one');
  assert.equal((await fetch(`${at}/old-12345678.js`)).status, 404);
  server.close();
  rmSync(folder, { recursive: true });
});
