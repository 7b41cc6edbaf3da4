import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  Client as ModernClient,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as OldHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { type Harness, startHarness, testServer } from './testing/harness.ts';
import { until } from './testing/raw-client.ts';

let harness: Harness;

before(async () => {
  harness = await startHarness({
    servers: {
      first: testServer('sdk-v1'),
      second: testServer('sdk-v2'),
      things: testServer('resources'),
      changing: testServer('changing'),
      everything: { args: [everythingServer()] },
    },
  });
});
after(() => harness.close());

function everythingServer(): string {
  const entry = import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js');
  return fileURLToPath(entry);
}

const info = { name: 'sdk', version: '1.0.0' };
const connectMain = fileURLToPath(new URL('./testing/connect-main.js', import.meta.url));
const program = () => ({ command: process.execPath, args: [connectMain, harness.url] });
const texts = (result: unknown) =>
  (result as { content: { text?: string }[] }).content.map(({ text }) => text);

/** The same journey for every client: lists, calls of servers of all kinds, reads, prompts, an error. */
async function travel(client: Pick<OldClient, 'listTools' | 'callTool'>): Promise<void> {
  const { tools } = await client.listTools();
  const names = tools.map(({ name }) => name);
  for (const name of ['echo', 'second__echo', 'progress', 'everything__echo', 'get-sum']) {
    assert.ok(names.includes(name), `${name} is not among ${names.join()}`);
  }
  assert.ok(
    tools.some(({ title, annotations }) => title !== undefined || annotations !== undefined),
  );
  for (const name of ['echo', 'second__echo', 'things__echo']) {
    assert.deepEqual(texts(await client.callTool({ name, arguments: { text: 'こんにちは' } })), [
      'こんにちは',
    ]);
  }
  const sum = await client.callTool({ name: 'get-sum', arguments: { a: 2, b: 3 } });
  assert.match(texts(sum).join(), /5/);
  await assert.rejects(
    client.callTool({ name: 'nothing', arguments: {} }),
    /Unknown tool: nothing/,
  );
}

test('SDK version 1 over HTTP', async () => {
  const client = new OldClient(info);
  // biome-ignore lint/suspicious/noExplicitAny: its types disagree with exactOptionalPropertyTypes
  await client.connect(new OldHttp(new URL(harness.url)) as any);
  await travel(client);
  const { resources } = await client.listResources();
  const [one] = resources;
  const { contents } = await client.readResource({ uri: one?.uri ?? '' });
  assert.equal(contents[0]?.uri, one?.uri);
  assert.ok((await client.listPrompts()).prompts.length > 0);
  const steps: number[] = [];
  await client.callTool({ name: 'progress', arguments: { steps: 3 } }, undefined, {
    onprogress: ({ progress }) => steps.push(progress),
  });
  assert.equal(steps.length, 3);
  let changes = 0;
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
    changes += 1;
  });
  await client.callTool({ name: 'grow', arguments: {} });
  await until('the change is told', () => changes > 0);
  await client.close();
});

test('SDK version 1 over stdio', async () => {
  const client = new OldClient(info);
  await client.connect(new OldStdio(program()));
  await travel(client);
  await client.close();
});

for (const [title, options, version] of [
  ['as it comes', {}, '2025-11-25'],
  ['finding out the era', { versionNegotiation: { mode: 'auto' } }, '2026-07-28'],
  ['pinned to 2026-07-28', { versionNegotiation: { mode: { pin: '2026-07-28' } } }, '2026-07-28'],
] as const) {
  for (const transport of ['HTTP', 'stdio'] as const) {
    test(`SDK version 2 over ${transport}, ${title}, speaks ${version}`, async () => {
      const client = new ModernClient(info, options);
      await client.connect(
        transport === 'HTTP'
          ? new StreamableHTTPClientTransport(new URL(harness.url))
          : new StdioClientTransport(program()),
      );
      assert.equal(client.getNegotiatedProtocolVersion(), version);
      await travel(client as never);
      await client.close();
    });
  }
}

test('SDK version 2 cancels a call, and the server hears of it', async () => {
  const client = new ModernClient(info, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(harness.url)));
  const cancelling = new AbortController();
  const calling = client.callTool(
    { name: 'things__slow', arguments: { ms: 60_000 } },
    { signal: cancelling.signal },
  );
  const inFlight = () => harness.gateway.conversations.inFlight('things', 0);
  await until('it is in flight', () => inFlight() === 1);
  cancelling.abort();
  await assert.rejects(calling);
  await until('it is cancelled', () => inFlight() === 0);
  await client.close();
});
