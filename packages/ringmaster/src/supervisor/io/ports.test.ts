import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { Problem } from '../../errors.ts';
import { freePort, portHolder, requireFreePort } from './ports.ts';

/** Listens on a free port while `use` runs. */
async function holding(use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

test('a port in use is refused, and its holder is named', () =>
  holding(async (port) => {
    if (process.platform === 'linux') assert.equal(portHolder(port)?.pid, process.pid);
    await assert.rejects(requireFreePort(port), (error) => {
      assert.ok(error instanceof Problem && error.code === 'port_in_use');
      assert.match(
        error.message,
        new RegExp(`^Port ${port} is held by (process ${process.pid}|another)`),
      );
      return true;
    });
  }));

/** Holds of one of many free ports: another process may take one between two looks, but not each of them. */
async function ofSomePort(holds: (port: number) => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 20; tries += 1)
    if (await holds(await freePort(undefined))) return true;
  return false;
}

test('auto keeps the port it had while that is free, and moves when it is taken', async () => {
  assert.ok(await ofSomePort(async (port) => (await freePort(port)) === port));
  await holding(async (port) => assert.notEqual(await freePort(port), port));
});

test('nobody holds a free port', async () => {
  const isFree = (port: number) =>
    requireFreePort(port).then(
      () => portHolder(port) === undefined,
      () => false,
    );
  assert.ok(await ofSomePort(isFree));
});
