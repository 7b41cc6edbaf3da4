import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { createHome, entry } from '../support/home.ts';

const servers = {
  old: entry('sdk-v1'),
  new: entry('sdk-v2'),
  things: entry('resources', ['--name', 'things']),
};
const bin = fileURLToPath(
  new URL('../../../packages/ringmaster/bin/ringmaster.js', import.meta.url),
);

test('a client of SDK version 1 uses servers of every kind over HTTP', async () => {
  await using home = createHome({ servers });
  const daemon = await home.up();
  const client = new Client({ name: 'v1', version: '1.0.0' });
  // The SDK's own types disagree under exactOptionalPropertyTypes.
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${daemon.origin}/mcp`)) as Transport,
  );
  const { tools } = await client.listTools();
  assert.ok(tools.some((tool) => tool.name === 'new__echo'));
  for (const name of ['echo', 'new__echo', 'things__echo']) {
    const result = await client.callTool({ name, arguments: { text: name } });
    assert.deepEqual(result.content, [{ type: 'text', text: name }]);
  }
  const read = await client.readResource({ uri: 'test://users/7' });
  assert.match(JSON.stringify(read.contents), /things: user 7/);
  const prompt = await client.getPrompt({ name: 'greet', arguments: { who: 'you' } });
  assert.match(JSON.stringify(prompt.messages), /things: hello you/);
  await client.close();
});

for (const mode of ['auto', { pin: '2026-07-28' }] as const)
  test(`a client of SDK version 2 (${JSON.stringify(mode)}) uses servers of every kind over HTTP`, async () => {
    await using home = createHome({ servers });
    const daemon = await home.up();
    const client = new ModernClient(
      { name: 'v2', version: '1.0.0' },
      { versionNegotiation: { mode } },
    );
    await client.connect(new ModernTransport(new URL(`${daemon.origin}/mcp`)));
    for (const name of ['echo', 'new__echo', 'things__echo']) {
      const result = await client.callTool({ name, arguments: { text: name } });
      assert.match(JSON.stringify(result.content), new RegExp(`"${name}"`));
    }
    const read = await client.readResource({ uri: 'test://readme' });
    assert.match(JSON.stringify(read.contents), /things: read me/);
    await client.close();
  });

test('a stdio client uses every server through ringmaster connect', async () => {
  await using home = createHome({ servers });
  await home.up();
  const client = new Client({ name: 'desk', version: '1.0.0' });
  const args = [bin, 'connect', '--data-dir', home.dataDir];
  await client.connect(new StdioClientTransport({ command: process.execPath, args }));
  const result = await client.callTool({ name: 'new__echo', arguments: { text: 'through' } });
  assert.deepEqual(result.content, [{ type: 'text', text: 'through' }]);
  await client.close();
});
