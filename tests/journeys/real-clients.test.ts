import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import {
  type Age,
  type AgedClient,
  ages,
  createAged,
  nameOf,
  type Result,
} from '../support/aged-clients.ts';
import { createHome, type Daemon, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

const upstreams = ['legacy', 'modern'] as const;

type Opened = Awaited<ReturnType<typeof createAged>>;

const home = createHome({
  servers: {
    legacy: entry('everything/legacy'),
    modern: entry('everything/dual', ['--modern-only']),
    echo: entry('echo'),
  },
});
let daemon: Daemon;

before(async () => {
  daemon = await home.up();
});
after(() => home[Symbol.asyncDispose]());

/** Does something with a client of this age, connected to this server alone. */
async function withClient(
  age: Age,
  server: string,
  use: (opened: Opened) => Promise<void>,
  prepare: (opened: Opened) => void = () => undefined,
): Promise<void> {
  const opened = await createAged(age);
  prepare(opened);
  const { origin } = daemon;
  await opened.open({ origin, dataDir: home.dataDir }, `/servers/${server}/mcp`);
  try {
    await use(opened);
  } finally {
    await opened.client.close();
  }
}

/**
 * What a client hears while a tool runs that tells its progress three times. Clients of version 1
 * hand a notification on after the message right behind it, and drop progress of a call that has
 * its result: whatever arrives in one piece with the result goes unheard. The rest is in order.
 */
async function progressOf(client: AgedClient): Promise<number[]> {
  const heard: number[] = [];
  const onprogress = ({ progress }: { progress: number }) => void heard.push(progress);
  const params = { name: 'test_tool_with_progress', arguments: {} };
  const result = await client.callTool(params, undefined, { onprogress });
  assert.equal(result.isError ?? false, false);
  assert.deepEqual(heard, [0, 50, 100].slice(0, heard.length));
  return heard;
}

for (const age of ages) {
  test(`${nameOf(age)} lists, calls and hears of progress, whatever the server speaks`, async () => {
    for (const server of upstreams)
      await withClient(age, server, async ({ client }) => {
        assert.ok((await toolNames(client)).includes('test_simple_text'));
        await waitFor(
          'all progress of a call',
          async () => (await progressOf(client)).length === 3,
        );
      });
  });

  test(`${nameOf(age)} takes a call back, and the server hears of it`, async () => {
    await withClient(age, 'echo', async ({ client }) => {
      const startedAtMs = Date.now();
      const stop = new AbortController();
      const params = { name: 'slow', arguments: { ms: 30_000, text: 'never' } };
      const call = client.callTool(params, undefined, { signal: stop.signal });
      const rejected = assert.rejects(call);
      await waitFor('the call to run', async () => {
        const { inFlight } = await daemon.api<{ inFlight: number }>('/servers/echo');
        return inFlight === 1;
      });
      stop.abort('enough');
      await rejected;
      const found = await waitFor('the journal', async () => {
        const path = `/events?kind=call.finished&subject=echo&sinceMs=${startedAtMs}`;
        const { events } = await daemon.api<{ events: { outcome: string }[] }>(path);
        return events[0];
      });
      assert.equal(found.outcome, 'cancelled');
    });
  });

  test(`${nameOf(age)} hears that the tools have changed`, async () => {
    for (const server of upstreams) {
      const listed = new Set<string>();
      const prepare = ({ client, types }: Opened) =>
        client.setNotificationHandler(types['ToolListChangedNotificationSchema'], async () => {
          for (const name of await toolNames(client)) listed.add(name);
        });
      const use = async ({ client }: Opened) => {
        const known = await toolNames(client);
        await client.callTool({ name: 'test_trigger_tool_change', arguments: {} });
        await waitFor('news of another tool', () =>
          [...listed].some((name) => name.startsWith('test_extra_') && !known.includes(name)),
        );
      };
      await withClient(age, server, use, prepare);
    }
  });
}

for (const age of ages)
  test(`${nameOf(age)} is asked by the server it called, whatever that speaks`, async () => {
    for (const server of upstreams)
      await withClient(
        age,
        server,
        async ({ client }) => {
          const sampled = { name: 'test_sampling', arguments: { prompt: 'what?' } };
          assert.equal(textOf(await client.callTool(sampled)), 'LLM response: that');
          if (!age.canElicit) return;
          const elicited = { name: 'test_elicitation', arguments: { message: 'who?' } };
          assert.match(textOf(await client.callTool(elicited)), /action=accept.*"username":"me"/);
        },
        answering,
      );
  });

/** Gives every question an answer. */
function answering({ client, types }: Opened): void {
  client.setRequestHandler(types['CreateMessageRequestSchema'], () => ({
    role: 'assistant',
    model: 'none',
    content: { type: 'text', text: 'that' },
  }));
  const content = { username: 'me', email: 'me@example.com' };
  const elicit = types['ElicitRequestSchema'];
  if (elicit !== undefined) client.setRequestHandler(elicit, () => ({ action: 'accept', content }));
}

for (const mode of ['auto', { pin: '2026-07-28' }] as const)
  for (const server of upstreams)
    test(`SDK 2 (${JSON.stringify(mode)}) lists, calls, is asked and hears news before a ${server} server`, async () => {
      const capabilities = { elicitation: {}, sampling: {}, roots: {} };
      const how = { capabilities, versionNegotiation: { mode } };
      const client = new ModernClient({ name: 'v2', version: '1.0.0' }, how);
      const content = { name: 'Ada' };
      client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content }));
      const url = new URL(`${daemon.origin}/servers/${server}/mcp`);
      await client.connect(new ModernTransport(url));
      const known = (await client.listTools()).tools.map(({ name }) => name);
      const heard: number[] = [];
      const onprogress = ({ progress }: { progress: number }) => void heard.push(progress);
      await client.callTool({ name: 'test_tool_with_progress', arguments: {} }, { onprogress });
      assert.deepEqual(heard, [0, 50, 100]);
      const asking = { name: 'test_input_required_result_elicitation', arguments: {} };
      assert.match(JSON.stringify(await client.callTool(asking)), /Hello, Ada!/);
      await client.callTool({ name: 'test_trigger_tool_change', arguments: {} });
      await waitFor('another tool', async () => {
        const { tools } = await client.listTools();
        return tools.some(({ name }) => name.startsWith('test_extra_') && !known.includes(name));
      });
      await client.close();
    });

function textOf(result: Result): string {
  return result.content[0]?.text ?? '';
}

async function toolNames(client: AgedClient): Promise<string[]> {
  return (await client.listTools()).tools.map(({ name }) => name);
}
