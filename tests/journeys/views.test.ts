import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { covers } from '../support/covers.ts';
import { createHome, entry } from '../support/home.ts';

const bin = fileURLToPath(
  new URL('../../../packages/ringmaster/bin/ringmaster.js', import.meta.url),
);
const servers = {
  files: {
    ...entry('collide', ['--name', 'files', '--tools', 'read_file,write_file,list_folder']),
    show: { tools: { deny: ['write_*'], rename: { list_folder: 'folder' } } },
  },
  mail: entry('collide', ['--name', 'mail', '--tools', 'send_mail,read_file']),
};
const views = { reading: { servers: ['files'] }, searched: { search: true } };

test('the operator sees every tool, what is hidden by which rule, and what a search finds', async () => {
  covers('tool.list', 'tool.search');
  await using home = createHome({ servers, views });
  await home.up();
  const { tools } = await home.json<{ tools: Record<string, unknown>[] }>('tools');
  assert.deepEqual(
    tools.map(({ server, name, exposedAs, hiddenBy }) => [server, name, exposedAs ?? hiddenBy]),
    [
      ['files', 'read_file', 'read_file'],
      ['files', 'list_folder', 'folder'],
      ['mail', 'send_mail', 'send_mail'],
      ['mail', 'read_file', 'mail__read_file'],
      ['files', 'write_file', 'servers.files.show.tools.deny "write_*"'],
    ],
  );
  const table = await home.run('tools', 'files');
  assert.match(
    table.stdout,
    /files\.write_file +- +hidden: servers\.files\.show\.tools\.deny "write_\*"/,
  );
  const part = await home.json<{ tools: { server: string }[] }>('tools', '--view', 'reading');
  assert.ok(part.tools.length === 3 && part.tools.every(({ server }) => server === 'files'));
  const found = await home.json<{ tools: { name: string }[] }>('tools', '--find', 'send a mail');
  assert.equal(found.tools[0]?.name, 'send_mail');
  const called = await home.run('call', 'files.write_file');
  assert.equal(called.code, 1);
  assert.match(called.stderr, /is hidden by servers\.files\.show\.tools\.deny "write_\*"/);
  const wrong = await home.run('tools', '--view', 'raeding');
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /did you mean reading\?/);
});

test('names stay over a restart of the daemon, whatever the order in the file becomes', async () => {
  await using home = createHome({ servers });
  const first = await home.up();
  const names = await (await first.legacy()).toolNames();
  await first.stop();
  home.write({ servers: { mail: servers.mail, files: servers.files } });
  const second = await home.up();
  const again = await second.legacy();
  assert.deepEqual((await again.toolNames()).toSorted(), names.toSorted());
  assert.equal(await again.call('read_file'), 'files:read_file');
});

test('a desktop client that connects to a view sees and uses that part of the fleet only', async () => {
  await using home = createHome({ servers, views });
  await home.up();
  const client = new Client({ name: 'desk', version: '1.0.0' });
  const args = [bin, 'connect', '--view', 'reading', '--data-dir', home.dataDir];
  await client.connect(new StdioClientTransport({ command: process.execPath, args }));
  const { tools } = await client.listTools();
  assert.deepEqual(
    tools.map(({ name }) => name),
    ['read_file', 'folder'],
  );
  const result = await client.callTool({ name: 'folder' });
  assert.deepEqual(result.content, [{ type: 'text', text: 'files:list_folder' }]);
  await assert.rejects(client.callTool({ name: 'send_mail' }), /Unknown tool/);
  await client.close();
});

test('a saved file changes who sees what, without a restart of any server', async () => {
  await using home = createHome({ servers, views });
  const daemon = await home.up();
  const before = home.servers('collide').map(({ pid }) => pid);
  const client = await daemon.legacy('/views/reading/mcp');
  home.write({ servers, views: { reading: { servers: ['mail'] } } });
  assert.equal((await home.run('apply')).code, 0);
  assert.deepEqual(await client.toolNames(), ['send_mail', 'mail__read_file']);
  assert.equal(await client.call('read_file'), 'mail:read_file');
  const gone = await home.run('connect', '--view', 'reading', '--server', 'mail');
  assert.equal(gone.code, 64);
  assert.deepEqual(
    home.servers('collide').map(({ pid }) => pid),
    before,
  );
});
