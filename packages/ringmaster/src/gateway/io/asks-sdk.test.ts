import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
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
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { type Harness, startHarness, testServer } from './testing/harness.ts';

/** Every client the SDKs make, against every kind of server that asks. */
let harness: Harness;
let remote: ChildProcess;

before(async () => {
  remote = spawn(process.execPath, testServer('asks-v1', '--http').args ?? [], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = await new Promise<Buffer>((resolve) => remote.stderr?.once('data', resolve));
  const port = /"port":(\d+)/.exec(String(said))?.[1];
  harness = await startHarness({
    servers: {
      v1: testServer('asks-v1'),
      'v1-http': { url: `http://127.0.0.1:${port}/mcp` },
      'v2-legacy': { ...testServer('asks-v2'), era: 'legacy' },
      'v2-both': { ...testServer('asks-v2'), era: '2026-07-28' },
      'v2-modern': testServer('asks-v2', '--reject-legacy'),
    },
  });
});
after(async () => {
  await harness.close();
  remote.kill('SIGKILL');
});

const info = { name: 'sdk', version: '1.0.0' };
const capabilities = { elicitation: { form: {} }, sampling: {}, roots: {} };
const connectMain = fileURLToPath(new URL('./testing/connect-main.js', import.meta.url));
const program = (url: string) => ({ command: process.execPath, args: [connectMain, url] });
const form = { action: 'accept' as const, content: { name: 'Ada' } };
const sample = {
  ...{ role: 'assistant' as const, model: 'm' },
  content: { type: 'text' as const, text: 'Paris' },
};
const roots = { roots: [{ uri: 'file:///work' }] };

type Caller = Pick<OldClient, 'callTool' | 'close'>;

async function oldClient(transport: OldHttp | OldStdio): Promise<Caller> {
  const client = new OldClient(info, { capabilities });
  client.setRequestHandler(ElicitRequestSchema, () => form);
  client.setRequestHandler(CreateMessageRequestSchema, () => sample);
  client.setRequestHandler(ListRootsRequestSchema, () => roots);
  // biome-ignore lint/suspicious/noExplicitAny: its types disagree with exactOptionalPropertyTypes
  await client.connect(transport as any);
  return client;
}

async function newClient(
  mode: 'legacy' | 'auto',
  transport: StreamableHTTPClientTransport | StdioClientTransport,
): Promise<Caller> {
  const client = new ModernClient(info, { capabilities, versionNegotiation: { mode } });
  client.setRequestHandler('elicitation/create', () => form);
  client.setRequestHandler('sampling/createMessage', () => sample);
  client.setRequestHandler('roots/list', () => roots);
  await client.connect(transport);
  const version = client.getNegotiatedProtocolVersion();
  assert.equal(version, mode === 'auto' ? '2026-07-28' : '2025-11-25');
  return client as never;
}

const clients: Readonly<Record<string, (url: string) => Promise<Caller>>> = {
  'SDK 1 over HTTP': (url) => oldClient(new OldHttp(new URL(url))),
  'SDK 1 over stdio': (url) => oldClient(new OldStdio(program(url))),
  'SDK 2 of 2025 over HTTP': (url) =>
    newClient('legacy', new StreamableHTTPClientTransport(new URL(url))),
  'SDK 2 of 2025 over stdio': (url) => newClient('legacy', new StdioClientTransport(program(url))),
  'SDK 2 of 2026 over HTTP': (url) =>
    newClient('auto', new StreamableHTTPClientTransport(new URL(url))),
  'SDK 2 of 2026 over stdio': (url) => newClient('auto', new StdioClientTransport(program(url))),
};

for (const [title, open] of Object.entries(clients)) {
  for (const server of ['v1', 'v1-http', 'v2-legacy', 'v2-both', 'v2-modern']) {
    test(`${title}: the questions of ${server} are answered`, async () => {
      const client = await open(harness.url.replace('/mcp', `/servers/${server}/mcp`));
      for (const [name, says] of [
        ['form', /Ada/],
        ['sample', /Paris/],
        // That SDK asks for roots only where they were offered, and a process that all share is offered none.
        ['roots', server === 'v2-legacy' ? /did not declare/ : /file:\/\/\/work/],
      ] as const) {
        const { content } = await client.callTool({ name, arguments: {} });
        assert.match(JSON.stringify(content), says, name);
      }
      await client.close();
    });
  }
}

test('two clients with calls in flight at a server over HTTP: each is asked its own question', async () => {
  const url = harness.url.replace('/mcp', '/servers/v1-http/mcp');
  const [first, second] = await Promise.all([
    oldClient(new OldHttp(new URL(url))),
    newClient('auto', new StreamableHTTPClientTransport(new URL(url))),
  ]);
  const waiting = first.callTool({ name: 'wait', arguments: { ms: 2_000 } });
  const asked = await Promise.all([
    second.callTool({ name: 'form', arguments: {} }),
    first.callTool({ name: 'sample', arguments: {} }),
  ]);
  assert.match(JSON.stringify(asked[0]), /Ada/);
  assert.match(JSON.stringify(asked[1]), /Paris/);
  await waiting;
  await Promise.all([first.close(), second.close()]);
});
