import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ages, createAged, nameOf, type Result } from '../support/aged-clients.ts';
import { type Events, openStream } from '../support/event-stream.ts';
import { createHome, type Daemon, entry } from '../support/home.ts';
import { ownPort } from '../support/own-port.ts';
import { waitFor } from '../support/wait.ts';

/** Longer than a daemon takes to be killed, noticed and started again. */
const slowMs = 15_000;
const timeout = 60_000;

test('clients of every age outlive a daemon that is killed in the middle of their calls', async (t) => {
  const port = await ownPort();
  const echo = entry('echo', [], { limits: { callTimeoutMs: timeout } });
  await using home = createHome({ servers: { echo }, listen: { port } });
  const first = await home.up();
  const clients = await Promise.all(
    ages.map(async (age) => {
      const opened = await createAged(age);
      await opened.open({ origin: first.origin, dataDir: home.dataDir }, '/mcp');
      return { ...opened, name: nameOf(age), over: age.over };
    }),
  );
  const placed = new Set<string>();
  const calls = clients.map(({ client, name }) => {
    const args = { ms: slowMs, text: name };
    const onresumptiontoken = () => void placed.add(name);
    const how = { timeout, onresumptiontoken };
    const calling = client.callTool({ name: 'slow', arguments: args }, undefined, how);
    // Looked at where it is waited for.
    calling.catch(() => {});
    return calling;
  });
  await waitFor('all calls to be in flight', async () => {
    const { inFlight } = await first.api<{ inFlight: number }>('/servers/echo');
    return inFlight === ages.length;
  });
  const last = await slowStream(first);
  await waitFor('all to know where their streams stand', () =>
    clients.every(({ over, name }) => over !== 'http' || placed.has(name)),
  );
  // Asking for events makes the journal write everything it was told before.
  await first.api('/events?limit=1');
  const [server] = home.servers('echo');
  await first.kill();
  const killedAtMs = Date.now();

  const second = await home.up();
  const awayMs = Date.now() - killedAtMs;
  assert.equal(home.servers('echo')[0]?.pid, server?.pid);
  for (const [index, { client, name, over }] of clients.entries())
    await t.test(`${name} gets its reply, and goes on`, async (one) => {
      // It tries twice, 4 s apart, and then no more.
      if (over === 'mcp-remote' && awayMs > 7_000) one.skip(`the daemon was away for ${awayMs} ms`);
      else assert.equal(textOf(await calls[index]), name);
      const again = await client.callTool({ name: 'echo', arguments: { text: 'on' } });
      assert.equal(textOf(again), 'on');
      await client.close();
    });
  const path = '/events?kind=call.finished&limit=100';
  const outcomes = await waitFor('the end of every call', async () => {
    const { events } = await second.api<{ events: { name: string; outcome: string }[] }>(path);
    const found = events.flatMap(({ name, outcome }) => (name === 'slow' ? outcome : []));
    return found.length === clients.length + 1 ? found : undefined;
  });
  assert.deepEqual([...new Set(outcomes)], ['ok']);
  last.close();
});

/** One more call, whose stream is open: so are those of the calls before it. */
async function slowStream(daemon: Daemon): Promise<Events> {
  const { session = '' } = await daemon.legacy();
  const headers = { 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' };
  const params = { name: 'slow', arguments: { ms: slowMs, text: 'last' } };
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params };
  const stream = await openStream(`${daemon.origin}/mcp`, headers, body);
  await waitFor('where the stream stands', () => stream.lastEventId() !== undefined);
  return stream;
}

function textOf(result: Result | undefined): string | undefined {
  return result?.content[0]?.text;
}
