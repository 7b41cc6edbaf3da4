import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { Perform } from '../../operations/asked.ts';
import { createApi } from './api.ts';
import { keysInMemory } from './testing/keys-in-memory.ts';

test('a method that a path does not have is answered with those it has, and HEAD like GET without a body', async (context) => {
  const perform = (async (name: string) => ({ name })) as unknown as Perform;
  const door = createApi(perform, keysInMemory());
  const server = createServer((request, response) => door(request, response, request.url ?? ''));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const [method, path, allow] of [
    ['PUT', '/servers', 'GET, HEAD'],
    ['DELETE', '/reports', 'POST, GET, HEAD'],
    ['GET', '/shutdown', 'POST'],
  ] as const) {
    const reply = await fetch(`${url}/api${path}`, { method });
    await reply.text();
    assert.equal(reply.status, 405, path);
    assert.equal(reply.headers.get('allow'), allow);
  }
  const head = await fetch(`${url}/api/servers`, { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), '');
});
