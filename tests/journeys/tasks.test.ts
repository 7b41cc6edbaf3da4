import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CallToolResultSchema,
  CreateTaskResultSchema,
  ElicitRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { createHome, type Daemon, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

const manifest = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/server-everything/package.json',
);
const program = join(manifest, '../dist/index.js');
/** A real server whose tool can be nothing but a task: four stages of a second each. */
const everything = { command: process.execPath, args: [program, 'stdio'] };
const overHttp = {
  ...{ command: process.execPath, args: [program, 'streamableHttp'] },
  ...{ url: 'http://127.0.0.1:${PORT}/mcp', port: 'auto' },
};
const tool = 'simulate-research-query';
const extension = 'io.modelcontextprotocol/tasks';
const declared = {
  'io.modelcontextprotocol/clientCapabilities': { extensions: { [extension]: {} } },
};

/** The official client of 2025-11-25, which answers what it is asked. */
async function connect(daemon: Daemon, path = '/mcp') {
  const client = new Client(
    { name: 'journey', version: '1.0.0' },
    { capabilities: { elicitation: { form: {} } } },
  );
  const asked: string[] = [];
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    asked.push(params.message);
    return { action: 'accept', content: { interpretation: 'technical' } };
  });
  const transport = new StreamableHTTPClientTransport(new URL(`${daemon.origin}${path}`));
  await client.connect(transport);
  return { client, asked, session: transport.sessionId };
}

/** One request of a stateless client that knows tasks, by hand: the official one knows none. */
async function ask(daemon: Daemon, method: string, params: Readonly<Record<string, unknown>>) {
  const name = String(params['taskId'] ?? params['name']);
  const client = { name: 'journey', version: '1.0.0' };
  const response = await fetch(`${daemon.origin}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...{ 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, 'mcp-name': name },
    },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method },
      params: {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientInfo': client,
          ...declared,
        },
      },
    }),
  });
  const { result } = (await response.json()) as { result: Record<string, unknown> };
  return result;
}

for (const [transport, server] of Object.entries({ stdio: everything, HTTP: overHttp }))
  test(`the official client of 2025-11-25 follows a task of the official server over ${transport}, and is asked what it asks`, async () => {
    await using home = createHome({ servers: { everything: server, echo: entry('echo') } });
    const daemon = await home.up();
    const { client, asked } = await connect(daemon);
    await client.listTools();
    const seen: string[] = [];
    const params = { name: tool, arguments: { topic: 'python', ambiguous: true } };
    for await (const message of client.experimental.tasks.callToolStream(params)) {
      if (message.type === 'error') throw message.error;
      seen.push(message.type === 'taskStatus' ? message.task.status : message.type);
      if (message.type !== 'result') continue;
      assert.match(JSON.stringify(message.result.content), /Research Report: python \(technical\)/);
    }
    assert.deepEqual([seen[0], seen.at(-1)], ['taskCreated', 'result']);
    assert.ok(seen.includes('input_required'), seen.join(' '));
    assert.match(asked.join(), /multiple interpretations/);
    await client.close();
  });

test('a daemon that is killed takes no task with it: its session fetches the result from the next one, a stranger does not', async () => {
  await using home = createHome({ servers: { everything } });
  const first = await home.up();
  const { client, session } = await connect(first);
  const task = { ttl: 600_000 };
  const params = { name: tool, arguments: { topic: 'bridges' }, task };
  const request = { method: 'tools/call', params } as const;
  const begun = await client.request(request, CreateTaskResultSchema);
  assert.equal(begun.task.status, 'working');
  const { taskId } = begun.task;
  const stateless = await ask(first, 'tools/call', {
    ...{ name: tool, arguments: { topic: 'tunnels' } },
  });
  assert.equal(stateless['resultType'], 'task');
  await first.kill();

  const second = await home.up();
  const headers = { 'mcp-session-id': session ?? '', 'mcp-protocol-version': '2025-11-25' };
  const again = new Client({ name: 'journey', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(new URL(`${second.origin}/mcp`), {
    sessionId: headers['mcp-session-id'],
    requestInit: { headers },
  });
  // With a session it has already, the official client says no hello.
  await again.connect(transport);
  const { tasks } = await again.experimental.tasks.listTasks();
  assert.deepEqual(
    tasks.map((one) => one.taskId),
    [taskId],
  );
  const result = await again.experimental.tasks.getTaskResult(taskId, CallToolResultSchema);
  assert.match(JSON.stringify(result), /Research Report: bridges/);
  const other = await connect(second);
  await assert.rejects(other.client.experimental.tasks.getTask(taskId), /Task not found/);
  await other.client.close();

  const over = await waitFor('the task of the stateless client', async () => {
    const seen = await ask(second, 'tasks/get', { taskId: stateless['taskId'] });
    return seen['status'] === 'completed' ? seen : undefined;
  });
  assert.match(JSON.stringify(over['result']), /Research Report: tunnels/);
  await again.close();
});
