import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { createHome, type Daemon, entry } from '../support/home.ts';
import { ownPort } from '../support/own-port.ts';
import { serverFile } from '../support/stdio-server.ts';
import { waitFor } from '../support/wait.ts';

const require = createRequire(import.meta.url);
const folder = require.resolve('@modelcontextprotocol/server-everything/package.json');
const program = join(folder, '../dist/index.js');
const everything = { command: process.execPath, args: [program, 'stdio'] };

/** A client of SDK version 1 that works on one folder, if it says so. */
async function connect(daemon: Daemon, name: string, capabilities: object): Promise<Client> {
  const client = new Client({ name, version: '1.0.0' }, { capabilities });
  if ('roots' in capabilities)
    client.setRequestHandler(ListRootsRequestSchema, () => ({
      roots: [{ uri: `file:///srv/${name}`, name }],
    }));
  const url = new URL(`${daemon.origin}/mcp`);
  await client.connect(new StreamableHTTPClientTransport(url) as Transport);
  return client;
}

async function toolNames(client: Pick<Client, 'listTools'>): Promise<readonly string[]> {
  return (await client.listTools()).tools.map(({ name }) => name);
}

/** A process is started to find out, on whatever machine this runs. */
const listedWithinMs = 60_000;

const listsTool = (client: Pick<Client, 'listTools'>, tool: string) =>
  waitFor(
    `${tool} in the list`,
    async () => (await toolNames(client)).includes(tool),
    listedWithinMs,
  );

/** The official server somewhere else: Ringmaster only connects to it. */
async function elsewhere() {
  const port = await ownPort();
  const child = spawn(process.execPath, [program, 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}/mcp`;
  const isThere = () =>
    fetch(url, { method: 'OPTIONS' }).then(
      () => true,
      () => false,
    );
  await waitFor('the official server', isThere);
  return {
    everything: { url },
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}

const places = {
  'a process of ours': () => Promise.resolve({ everything, [Symbol.dispose]() {} }),
  'only connected to': elsewhere,
};

for (const [where, start] of Object.entries(places))
  test(`tools that the official server, ${where}, offers to clients with folders are for those, and tell each its own`, async (t) => {
    using place = await start();
    await using home = createHome({ servers: { everything: place.everything } });
    const daemon = await home.up();
    const plain = await connect(daemon, 'plain', {});
    const [one, other] = [
      await connect(daemon, 'one', { roots: { listChanged: true } }),
      await connect(daemon, 'other', { roots: { listChanged: true } }),
    ];
    const rootsOf = async (client: Client): Promise<string> => {
      const result = await client.callTool({ name: 'get-roots-list', arguments: {} });
      return JSON.stringify(result.content);
    };

    await t.test(
      'a client that declares folders sees the tool, and one that does not never does',
      async () => {
        await listsTool(one, 'get-roots-list');
        assert.ok(!(await toolNames(plain)).includes('get-roots-list'));
        assert.ok((await toolNames(plain)).includes('echo'));
      },
    );
    await t.test('each hears of its own folders', async () => {
      assert.match(await rootsOf(one), /file:\/\/\/srv\/one/);
      assert.match(await rootsOf(other), /file:\/\/\/srv\/other/);
      assert.match(await rootsOf(one), /file:\/\/\/srv\/one/);
    });
    await t.test('who declares none and calls it is told what is missing', async () => {
      const result = await plain.callTool({ name: 'get-roots-list', arguments: {} });
      assert.equal(result.isError, true);
      assert.match(JSON.stringify(result.content), /did not declare the capability roots/);
    });
    await t.test('a stateless client with folders is asked for them', async () => {
      const how = {
        capabilities: { roots: {} },
        versionNegotiation: { mode: { pin: '2026-07-28' } },
      } as const;
      const client = new ModernClient({ name: 'modern', version: '1.0.0' }, how);
      const roots = [{ uri: 'file:///srv/modern', name: 'modern' }];
      client.setRequestHandler('roots/list', () => ({ roots }));
      await client.connect(new ModernTransport(new URL(`${daemon.origin}/mcp`)));
      assert.ok((await client.listTools()).tools.some(({ name }) => name === 'get-roots-list'));
      const result = await client.callTool({ name: 'get-roots-list', arguments: {} });
      assert.match(JSON.stringify(result.content), /file:\/\/\/srv\/modern/);
      await client.close();
    });
    await t.test('who can be sent to addresses is offered to be', async () => {
      const capabilities = { elicitation: { form: {}, url: {} } };
      const client = await connect(daemon, 'url', capabilities);
      await listsTool(client, 'trigger-url-elicitation');
      assert.ok(!(await toolNames(client)).includes('get-roots-list'));
      assert.ok(!(await toolNames(one)).includes('trigger-url-elicitation'));
      await client.close();
    });
    await t.test('the processes that were their own end with them', async () => {
      await Promise.all(
        [one, other].map((client) =>
          (client.transport as StreamableHTTPClientTransport).terminateSession(),
        ),
      );
      await waitFor(
        'one process',
        async () => {
          const { instances } = await daemon.api<{ instances: number }>('/servers/everything');
          return instances === 1;
        },
        listedWithinMs,
      );
      assert.ok((await toolNames(plain)).includes('echo'));
    });
    await plain.close();
  });

test('clients of different kinds that come at the same time are each seen to', async () => {
  await using home = createHome({ servers: { everything } });
  const daemon = await home.up();
  const clients = await Promise.all(
    [{ roots: {} }, { elicitation: { url: {} } }].map((capabilities) =>
      connect(daemon, 'one', capabilities),
    ),
  );
  // Each reads the tools once, and not again before it is told of news.
  await Promise.all(clients.map(toolNames));
  const hasBoth = async () => {
    const { tools } = await daemon.api<{ tools: { name: string }[] }>('/tools?server=everything');
    const names = tools.map(({ name }) => name);
    return ['get-roots-list', 'trigger-url-elicitation'].every((name) => names.includes(name));
  };
  await waitFor('the tools of both', hasBoth, listedWithinMs);
  await Promise.all(clients.map((client) => client.close()));
});

test('what a server offers to some is known to the next life of the daemon', async () => {
  await using home = createHome({ servers: { everything } });
  const first = await home.up();
  await listsTool(await connect(first, 'one', { roots: {} }), 'get-roots-list');
  assert.equal(await first.stop(), 0);
  const second = await home.up();
  const client = await connect(second, 'one', { roots: {} });
  await listsTool(client, 'get-roots-list');
  const { events } = await second.api<{ events: object[] }>(
    '/events?kind=instance.spawned&limit=100',
  );
  // Two in the first life: one for all, and the one that looked; one in the second.
  assert.equal(events.length, 3);
  await client.close();
});

async function countOf(daemon: Daemon, kind: string): Promise<number> {
  const { events } = await daemon.api<{ events: object[] }>(`/events?kind=${kind}&limit=100`);
  return events.length;
}

for (const kind of ['stdio', 'http']) {
  test(`a server (${kind}) that cannot run twice is started once more to be looked at, and then left alone`, async () => {
    await using home = createHome({ servers: {} });
    const lock = ['--lock', join(home.folder, 'lock')];
    const overHttp = {
      ...{ command: process.execPath, port: 'auto', url: 'http://127.0.0.1:${PORT}/mcp' },
      args: ['--import', serverFile('only-one'), serverFile('http-echo'), ...lock],
      pool: { max: 3 },
    };
    home.write({ servers: { it: kind === 'http' ? overHttp : entry('alone', lock) } });
    const daemon = await home.up();
    const declared = [{ roots: {} }, { elicitation: { url: {} } }, { sampling: { tools: {} } }];
    for (const capabilities of declared) {
      const client = await connect(daemon, 'one', capabilities);
      await waitFor('it was looked at', async () => {
        assert.ok((await toolNames(client)).includes('echo'));
        return (await countOf(daemon, 'instance.stopped')) === 1;
      });
      await client.close();
    }
    assert.equal(await countOf(daemon, 'instance.spawned'), 2);
    assert.equal(await countOf(daemon, 'instance.died'), 1);
  });
}

test('a server that sleeps is not woken to be looked at', async () => {
  await using home = createHome({ servers: {} });
  const pool = { min: 0, idleStopMs: '100ms' };
  const lock = ['--lock', join(home.folder, 'lock')];
  home.write({ servers: { it: entry('alone', lock, { pool }) } });
  const daemon = await home.up();
  const plain = await connect(daemon, 'plain', {});
  const args = { name: 'echo', arguments: { text: 'x' } };
  await plain.callTool(args);
  const stateOf = async () => (await daemon.api<{ state: string }>('/servers/it')).state;
  await waitFor('sleep', async () => (await stateOf()) === 'asleep');
  const spawned = await countOf(daemon, 'instance.spawned');
  const client = await connect(daemon, 'one', { roots: {} });
  assert.ok((await toolNames(client)).includes('echo'));
  assert.equal(await countOf(daemon, 'instance.starting'), spawned);
  assert.equal(await stateOf(), 'asleep');
  await Promise.all([plain.close(), client.close()]);
});
