import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { type AgedClient, ages, createAged, nameOf } from '../support/aged-clients.ts';
import { createHome, type Daemon } from '../support/home.ts';

const require = createRequire(import.meta.url);
const folder = require.resolve('@modelcontextprotocol/server-everything/package.json');
const home = createHome({
  listen: { port: 0, legacySse: true },
  servers: {
    // The transport of 2024-11-05, as the official server speaks it.
    official: {
      command: process.execPath,
      args: [join(folder, '../dist/index.js'), 'sse'],
      url: 'http://127.0.0.1:${PORT}/sse',
      port: 'auto',
    },
  },
});
let daemon: Daemon;

before(async () => {
  daemon = await home.up();
});
after(() => home[Symbol.asyncDispose]());

const sampled = {
  role: 'assistant',
  model: 'none',
  content: { type: 'text', text: 'that' },
} as const;
const filled = { action: 'accept', content: { name: 'me' } } as const;

/** Lists, calls, follows a long call, and is asked. */
async function use(
  call: (name: string, args: object) => Promise<unknown>,
  listed: Promise<{ readonly tools: readonly { readonly name: string }[] }>,
  canElicit: boolean,
): Promise<void> {
  assert.ok((await listed).tools.some(({ name }) => name === 'trigger-sampling-request'));
  assert.match(JSON.stringify(await call('echo', { message: 'hi' })), /Echo: hi/);
  const long = await call('trigger-long-running-operation', { duration: 0.2, steps: 2 });
  assert.match(JSON.stringify(long), /Long running operation completed/);
  const asked = await call('trigger-sampling-request', { prompt: 'what?', maxTokens: 5 });
  assert.match(JSON.stringify(asked), /LLM sampling result.*that/s);
  if (!canElicit) return;
  assert.match(JSON.stringify(await call('trigger-elicitation-request', {})), /User provided/);
}

for (const age of ages)
  test(`${nameOf(age)} uses a server of HTTP+SSE`, async () => {
    const { client, types, open } = await createAged(age);
    client.setRequestHandler(types['CreateMessageRequestSchema'], () => sampled);
    if (age.canElicit) client.setRequestHandler(types['ElicitRequestSchema'], () => filled);
    await open({ origin: daemon.origin, dataDir: home.dataDir }, '/servers/official/mcp');
    const call: Parameters<typeof use>[0] = (name, args) =>
      client.callTool({ name, arguments: args } as Parameters<AgedClient['callTool']>[0]);
    await use(call, client.listTools(), age.canElicit);
    await client.close();
  });

for (const mode of ['auto', { pin: '2026-07-28' }] as const)
  test(`SDK 2 (${JSON.stringify(mode)}) uses a server of HTTP+SSE`, async () => {
    const capabilities = { elicitation: {}, sampling: {} };
    const how = { capabilities, versionNegotiation: { mode } };
    const client = new ModernClient({ name: 'v2', version: '1.0.0' }, how);
    client.setRequestHandler('sampling/createMessage', () => sampled);
    client.setRequestHandler('elicitation/create', () => filled);
    await client.connect(new ModernTransport(new URL(`${daemon.origin}/servers/official/mcp`)));
    const call: Parameters<typeof use>[0] = (name, args) =>
      client.callTool({ name, arguments: { ...args } });
    await use(call, client.listTools(), true);
    await client.close();
  });

test('a client of HTTP+SSE uses a server of HTTP+SSE', async () => {
  const capabilities = { elicitation: {}, sampling: {} };
  const client = new Client({ name: 'sse', version: '1.0.0' }, { capabilities });
  client.setRequestHandler(CreateMessageRequestSchema, () => sampled);
  client.setRequestHandler(ElicitRequestSchema, () => filled);
  await client.connect(new SSEClientTransport(new URL(`${daemon.origin}/servers/official/sse`)));
  const call: Parameters<typeof use>[0] = (name, args) =>
    client.callTool({ name, arguments: { ...args } });
  await use(call, client.listTools(), true);
  await client.close();
});
