import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { createHome, type Daemon, entry } from '../support/home.ts';
import type { Answer } from '../support/mcp-client.ts';
import { waitFor } from '../support/wait.ts';

const accepted = { action: 'accept', content: { name: 'Ada' } };

interface Asked {
  readonly requestState: string;
  readonly inputRequests: Readonly<Record<string, unknown>>;
}

function callStateless(daemon: Daemon, path: string, params: object): Promise<Answer> {
  const _meta = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } };
  return daemon.modern(path).request('tools/call', { arguments: {}, ...params, _meta });
}

/** A client of the first SDK whose user answers with this name. */
async function userCalled(name: string, daemon: Daemon, path: string) {
  const client = new Client({ name, version: '1' }, { capabilities: { elicitation: {} } });
  let askedCount = 0;
  client.setRequestHandler(ElicitRequestSchema, () => {
    askedCount += 1;
    return { action: 'accept', content: { name } };
  });
  const transport = new StreamableHTTPClientTransport(new URL(daemon.origin + path));
  // biome-ignore lint/suspicious/noExplicitAny: its types disagree with exactOptionalPropertyTypes
  await client.connect(transport as any);
  return {
    async call(tool: string, given: Readonly<Record<string, unknown>> = {}): Promise<string> {
      const { content } = await client.callTool({ name: tool, arguments: given });
      return (content as { text: string }[])[0]?.text ?? '';
    },
    askedCount: () => askedCount,
    close: () => client.close(),
  };
}

test('the daemon dies while clients are asked: what needs no memory goes on, what was parked says it is over', async () => {
  const servers = { modern: entry('asks-modern'), legacy: entry('asks-v1') };
  await using home = createHome({ servers });
  const first = await home.up('ready');
  const ask = async (server: string): Promise<Asked> => {
    const { result } = await callStateless(first, `/servers/${server}/mcp`, { name: 'form' });
    return result as unknown as Asked;
  };
  const [relayed, parked] = [await ask('modern'), await ask('legacy')];
  await first.kill();
  const second = await home.up('ready');
  const answer = (server: string, { requestState, inputRequests }: Asked): Promise<Answer> => {
    const inputResponses = Object.fromEntries(
      Object.keys(inputRequests).map((key) => [key, accepted]),
    );
    const params = { name: 'form', requestState, inputResponses };
    return callStateless(second, `/servers/${server}/mcp`, params);
  };
  const done = await answer('modern', relayed);
  assert.match(JSON.stringify(done.result), /state of form/);
  const over = await answer('legacy', parked);
  assert.equal(over.error?.code, -32602);
  assert.match(over.error.message, /has expired or was used already, or the gateway restarted/);
  const again = await callStateless(second, '/servers/legacy/mcp', { name: 'form' });
  assert.equal(again.result?.['resultType'], 'input_required');
});

test('a server that asks while two clients call it is shared no more, and both are asked', async () => {
  const pool = { mode: 'auto', min: 1, max: 3 };
  await using home = createHome({ servers: { asks: entry('asks-v1', [], { pool }) } });
  const daemon = await home.up('ready');
  const [ada, bob] = await Promise.all(
    ['Ada', 'Bob'].map((name) => userCalled(name, daemon, '/mcp')),
  );
  assert.ok(ada !== undefined && bob !== undefined);
  const waiting = ada.call('wait', { ms: 4_000 });
  await waitFor('the first call in flight', async () => {
    const { inFlight } = await daemon.api<{ inFlight: number }>('/servers/asks');
    return inFlight === 1;
  });
  await assert.rejects(bob.call('form'), /clients have calls in flight on this connection/);
  await waiting;
  const said = await Promise.all([ada.call('form'), bob.call('form'), ada.call('form')]);
  assert.deepEqual(said, [
    'accept {"name":"Ada"}',
    'accept {"name":"Bob"}',
    'accept {"name":"Ada"}',
  ]);
  await Promise.all([ada.close(), bob.close()]);
});

test('a process of one session asks it also outside of a call, and is offered what it can do', async () => {
  const pool = { mode: 'per-session', min: 0, max: 2 };
  await using home = createHome({ servers: { asks: entry('asks-v1', [], { pool }) } });
  const daemon = await home.up();
  // The process that was started to learn what it offers serves the first session; the second gets its own.
  const first = await userCalled('Eve', daemon, '/servers/asks/mcp');
  await first.call('offered');
  const ada = await userCalled('Ada', daemon, '/servers/asks/mcp');
  assert.deepEqual(JSON.parse(await ada.call('offered')), { elicitation: { form: {} } });
  await ada.call('later', { kind: 'form' });
  await waitFor('the user is asked', () => ada.askedCount() === 1);
  const said = 'accept {"name":"Ada"}';
  await waitFor('the answer arrives', async () => (await ada.call('outside')) === said);
  await Promise.all([first.close(), ada.close()]);
});
