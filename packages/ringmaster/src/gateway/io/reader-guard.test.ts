import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Clock } from '../../clock.ts';
import { guardReaders } from './reader-guard.ts';
import { systemClock } from './testing/harness.ts';
import { until } from './testing/raw-client.ts';

/** More than the network takes on its own. */
const answerBytes = 20_000_000;

/** A server whose answers are long, and a clock that the test moves. */
async function start(t: TestContext) {
  const cuts: { unreadBytes: number; why: string }[] = [];
  let tickMs = 0;
  let due: (() => void) | undefined;
  const clock: Clock = {
    ...systemClock,
    tickMs: () => tickMs,
    after(_delayMs, then) {
      due = then;
      return () => {
        due = undefined;
      };
    },
  };
  const sockets: Socket[] = [];
  const clients: Socket[] = [];
  const server = createServer((_request, response) => void response.end('x'.repeat(answerBytes)));
  server.on('connection', (socket) => sockets.push(socket));
  guardReaders(server, { clock, onCut: (unreadBytes, why) => cuts.push({ unreadBytes, why }) });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  t.after(() => {
    for (const client of clients) client.destroy();
    server.close();
  });
  return {
    cuts,
    /** Asks for an answer, and reads nothing of it. */
    async ask(): Promise<{ client: Socket; server: Socket }> {
      const before = sockets.length;
      const client = connect(port, '127.0.0.1');
      clients.push(client);
      client.on('error', () => {}).pause();
      client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
      await until('it is answered', () => (sockets[before]?.writableLength ?? 0) > 0);
      return { client, server: sockets[before] as Socket };
    },
    /** Connects, and says nothing. */
    async connectOnly(): Promise<Socket> {
      const before = sockets.length;
      clients.push(connect(port, '127.0.0.1').on('error', () => {}));
      await until('it is connected', () => sockets[before] !== undefined);
      return sockets[before] as Socket;
    },
    look(atMs: number): void {
      tickMs = atMs;
      const then = due;
      due = undefined;
      then?.();
    },
    isWatching: () => due !== undefined,
  };
}

test('an answer that nobody reads is thrown away in the end, with its connection, and the reason is told', async (t) => {
  const { ask, look, cuts, isWatching } = await start(t);
  const { server } = await ask();
  for (const atMs of [2_000, 60_000, 300_000]) look(atMs);
  assert.deepEqual([cuts.length, server.destroyed], [0, false]);
  look(400_000);
  assert.match(cuts[0]?.why ?? '', /left \d+ bytes unread for 398 s/);
  assert.ok(server.destroyed && (cuts[0]?.unreadBytes ?? 0) > 1_000_000);
  await until('it is closed', () => server.closed);
  look(402_000);
  assert.equal(isWatching(), false);
});

test('a client that reads late, but reads, gets all of its answer', async (t) => {
  const { ask, look, cuts } = await start(t);
  const { client } = await ask();
  for (const atMs of [2_000, 300_000]) look(atMs);
  let got = 0;
  client.on('data', (chunk: Buffer) => {
    got += chunk.length;
  });
  client.resume();
  await until('all is read', () => got > answerBytes);
  look(1_000_000);
  assert.equal(cuts.length, 0);
});

test('many answers that nobody reads are too much together, long before a minute is over', async (t) => {
  const { ask, look, cuts } = await start(t);
  const asked: { client: Socket; server: Socket }[] = [];
  for (let count = 0; count < 16; count += 1) asked.push(await ask());
  look(2_000);
  assert.equal(cuts.length, 0);
  look(12_000);
  const left = asked.filter(({ server }) => !server.destroyed);
  const unread = left.reduce((sum, { server }) => sum + server.writableLength, 0);
  assert.ok(unread <= 256 * 1_048_576, `${unread} bytes`);
  assert.ok(left.length >= 8 && cuts.length === 16 - left.length, `${left.length} left`);
  assert.match(cuts[0]?.why ?? '', /too much unread/);
});

test('a connection that never says a word is ended, one that asked something is kept', async (t) => {
  const { ask, connectOnly, look } = await start(t);
  const { server } = await ask();
  const silent = await connectOnly();
  look(2_000);
  assert.equal(silent.destroyed, false);
  look(32_000);
  assert.equal(silent.destroyed, true);
  assert.equal(server.destroyed, false);
});
