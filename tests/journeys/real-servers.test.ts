import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createHome } from '../support/home.ts';
import type { McpClient } from '../support/mcp-client.ts';

const require = createRequire(import.meta.url);

/** A server of npm by its name; each has its program at the same place. */
function official(name: string, args: readonly string[] = [], env: object = {}) {
  const manifest = require.resolve(`@modelcontextprotocol/server-${name}/package.json`);
  return { command: process.execPath, args: [join(manifest, '../dist/index.js'), ...args], env };
}

test('the official servers of npm work beside each other at one endpoint, for clients of both eras', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ringmaster-real-')));
  const servers = {
    everything: official('everything', ['stdio']),
    files: official('filesystem', [folder]),
    memory: official('memory', [], { MEMORY_FILE_PATH: join(folder, 'memory.jsonl') }),
    thinking: official('sequential-thinking'),
  };
  await using home = createHome({ servers });
  const daemon = await home.up();
  for (const client of [await daemon.legacy(), daemon.modern()]) {
    assert.ok((await client.toolNames()).length > 30);
    await useAll(client, folder);
  }
  rmSync(folder, { recursive: true });
});

async function useAll(client: McpClient, folder: string): Promise<void> {
  assert.match(await client.call('echo', { message: 'hello' }), /hello/);

  const path = join(folder, 'note.txt');
  await client.call('write_file', { path, content: 'kept' });
  assert.equal(await client.call('read_text_file', { path }), 'kept');
  assert.match(await client.call('read_text_file', { path: '/etc/passwd' }), /denied/);

  const entities = [{ name: 'Ada', entityType: 'person', observations: ['writes programs'] }];
  await client.call('create_entities', { entities });
  assert.match(await client.call('search_nodes', { query: 'programs' }), /Ada/);

  const thought = { thought: 'one', nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 };
  assert.match(await client.call('sequentialthinking', thought), /"thoughtNumber": 1/);
}
