import assert from 'node:assert/strict';
import { join } from 'node:path';
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
import { covers } from '../support/covers.ts';
import { createHome, entry, type Home } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

const bin = fileURLToPath(
  new URL('../../../packages/ringmaster/bin/ringmaster.js', import.meta.url),
);

interface Answer {
  readonly text: string;
  readonly isError: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: each tool answers with its own shape
  readonly told: any;
}

/** What an agent has: tools, and nothing else. */
interface Agent {
  call(name: string, given?: Record<string, unknown>): Promise<Answer>;
  [Symbol.asyncDispose](): Promise<void>;
}

const broken = { restart: { failAfter: 2 } };

function missing(home: Home): string {
  return join(home.folder, 'plug-ins.json');
}

/** A fleet of one server that works and one whose argument names a file that is not there. */
async function brokenHome() {
  const home = createHome({ servers: { fine: entry('echo') } });
  const app = entry('broken-app', ['--needs', missing(home)], broken);
  home.write({ servers: { fine: entry('echo'), app } });
  const daemon = await home.up('answers');
  await waitFor('the failure', async () => {
    const row = await daemon.api<{ state: string }>('/servers/app');
    return row.state === 'failed';
  });
  return { home, daemon };
}

function answerOf(result: unknown): Answer {
  const { content, isError, structuredContent } = result as Record<string, unknown>;
  const text = (content as { text: string }[])[0]?.text ?? '';
  return { text, isError: isError === true, told: structuredContent };
}

async function agentV1(url: string): Promise<Agent> {
  const client = new Client({ name: 'agent', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)) as Transport);
  // The client checks every answer against the output schema only once it knows the tools.
  await client.listTools();
  return {
    call: async (name, given = {}) => answerOf(await client.callTool({ name, arguments: given })),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

async function agentV2(
  url: string,
  person: (message: string) => boolean,
  mode: 'legacy' | { pin: string },
): Promise<Agent> {
  const client = new ModernClient(
    { name: 'agent', version: '1.0.0' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode } },
  );
  client.setRequestHandler('elicitation/create', ({ params }) => ({
    action: 'accept',
    content: { confirm: person(params.message) },
  }));
  await client.connect(new ModernTransport(new URL(url)));
  await client.listTools();
  return {
    call: async (name, given = {}) => answerOf(await client.callTool({ name, arguments: given })),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** Finds the failed process, reads the diagnosis, and adds it again without what broke it. */
async function repair(agent: Agent, remove: (name: string) => Promise<Answer>): Promise<void> {
  const { told } = await agent.call('list_processes', { state: 'failed' });
  assert.equal(told.total, 1);
  const { name } = told.processes[0];
  const found = (await agent.call('diagnose', { name })).told;
  assert.equal(found.cause, 'fileNotFound');
  assert.match(found.evidence[0], /plug-ins\.json/);
  const removed = await remove(name);
  assert.equal(removed.told.actions.at(-1).action, 'remove');
  const [script] = found.config.args;
  const args = [script, '--chatter', '3'];
  const added = await agent.call('add_process', { name, command: found.config.command, args });
  assert.equal(added.isError, false, added.text);
  await waitFor('the repaired process', async () => {
    const status = (await agent.call('get_process_status', { name })).told;
    return status.processes[0].state === 'ready';
  });
}

test('an agent of SDK version 1 repairs a broken server by tools alone, with a plan it confirms', async () => {
  covers('server.diagnose');
  const { home, daemon } = await brokenHome();
  await using _ = home;
  await using agent = await agentV1(`${daemon.origin}/control/mcp`);
  await repair(agent, async (name) => {
    const first = (await agent.call('remove_process', { name })).told;
    assert.match(first.will, /server\.remove/);
    assert.equal((await daemon.api<{ state: string }>('/servers/app')).state, 'failed');
    const done = await agent.call('remove_process', { name, plan_id: first.plan_id });
    const again = await agent.call('remove_process', { name: 'fine', plan_id: first.plan_id });
    assert.equal(again.isError, true, 'a plan was used twice, for another server');
    return done;
  });
});

for (const mode of [{ pin: '2026-07-28' }] as const)
  test(`a person confirms for an agent of SDK version 2 (${JSON.stringify(mode)})`, async () => {
    const { home, daemon } = await brokenHome();
    await using _ = home;
    const asked: string[] = [];
    const person = (message: string) => asked.push(message) > 1;
    await using agent = await agentV2(`${daemon.origin}/control/mcp`, person, mode);
    await repair(agent, async (name) => {
      const refused = await agent.call('remove_process', { name });
      assert.equal(refused.isError, true);
      assert.match(refused.text, /a person said no/);
      return agent.call('remove_process', { name });
    });
    assert.equal(asked.length, 2);
  });

test('every tool that reads answers within its own output schema, and says what a mistake needs', async () => {
  const { home, daemon } = await brokenHome();
  await using _ = home;
  const client = new Client({ name: 'agent', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(new URL(`${daemon.origin}/control/mcp`));
  await client.connect(transport as Transport);
  const { tools } = await client.listTools();
  const given: Readonly<Record<string, object>> = {
    get_process_status: { name: 'app', response_format: 'detailed' },
    diagnose: { name: 'app' },
    get_logs: { process_name: 'app', limit: 5, level: 'ERROR' },
    get_log_summary: { process_name: 'app' },
    get_metric_history: { server: 'app', metric: 'memoryBytes' },
  };
  // Without an example above, a tool that needs something cannot be called.
  const reading = tools.filter(
    ({ name, annotations, inputSchema }) =>
      annotations?.readOnlyHint === true && (name in given || !inputSchema.required?.length),
  );
  assert.ok(reading.length >= 15);
  for (const { name } of reading) {
    const answer = answerOf(await client.callTool({ name, arguments: { ...given[name] } }));
    assert.equal(answer.isError, false, `${name}: ${answer.text}`);
  }
  const wrong = answerOf(await client.callTool({ name: 'diagnose', arguments: { nam: 'app' } }));
  assert.equal(wrong.isError, true);
  assert.match(
    wrong.text,
    /name: found nothing, needed text.*nam: unknown key, needed one of name, .*; did you mean "name"\?/,
  );
  const unknown = answerOf(await client.callTool({ name: 'diagnose', arguments: { name: 'ap' } }));
  assert.match(unknown.text, /did you mean app/);
  for (const name of ['approve_server', 'shutdown_daemon', 'login_server'])
    assert.ok(!tools.some((tool) => tool.name === name), `agents get ${name}`);
  await client.close();
});

test('resources, their templates, completion and prompts are there', async () => {
  const { home, daemon } = await brokenHome();
  await using _ = home;
  const client = new Client({ name: 'agent', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(new URL(`${daemon.origin}/control/mcp`));
  await client.connect(transport as Transport);
  assert.ok((client.getInstructions()?.length ?? 0) <= 1024);
  const { resources } = await client.listResources();
  assert.ok(resources.some(({ uri }) => uri === 'logs://app/recent'));
  const { resourceTemplates } = await client.listResourceTemplates();
  assert.ok(resourceTemplates.some(({ uriTemplate }) => uriTemplate === 'process://{name}/info'));
  const log = await client.readResource({ uri: 'logs://app/recent' });
  assert.match(JSON.stringify(log.contents), /plug-ins\.json/);
  await assert.rejects(client.readResource({ uri: 'logs://nobody/recent' }), /Cannot find server/);
  const { completion } = await client.complete({
    ref: { type: 'ref/resource', uri: 'process://{name}/info' },
    argument: { name: 'name', value: 'a' },
  });
  assert.deepEqual(completion.values, ['app']);
  const prompt = await client.getPrompt({ name: 'repair_process', arguments: { name: 'app' } });
  assert.match(JSON.stringify(prompt.messages), /diagnose/);
  await client.close();
});

test('a stateless client that listens hears when a process changes', async () => {
  await using home = createHome({ servers: { fine: entry('echo') } });
  const daemon = await home.up();
  const client = new ModernClient(
    { name: 'agent', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  await client.connect(new ModernTransport(new URL(`${daemon.origin}/control/mcp`)));
  const heard: string[] = [];
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    heard.push(params.uri);
  });
  const uri = 'process://fine/info';
  await client.listen({ resourceSubscriptions: [uri] });
  await client.callTool({ name: 'restart_process', arguments: { name: 'fine' } });
  await waitFor('the update', () => heard.includes(uri));
  await client.close();
});

test('a diagnosis costs at most a quarter of the tokens of the raw log', async () => {
  const { home, daemon } = await brokenHome();
  await using _ = home;
  await using agent = await agentV1(`${daemon.origin}/control/mcp`);
  const raw = (await home.run('logs', 'app', '-n', '1000')).stdout;
  // Whichever of the two forms a client shows to its model, both are counted: the larger must fit.
  const { text, told } = await agent.call('diagnose', { name: 'app' });
  const share = Math.max(tokensOf(text), tokensOf(JSON.stringify(told))) / tokensOf(raw);
  assert.match(text, /plug-ins\.json/);
  assert.ok(share <= 0.25, `the diagnosis costs ${Math.round(share * 100)} % of the log`);
});

/** Words, numbers and marks: near what tokenizers count of English and code, and the same for both sides. */
function tokensOf(text: string): number {
  return text.match(/[A-Za-z]{1,8}|\d{1,3}|[^\sA-Za-z\d]/g)?.length ?? 0;
}

test('the control server speaks stdio through ringmaster connect, and diagnose is a command too', async () => {
  const { home } = await brokenHome();
  await using _ = home;
  const client = new Client({ name: 'desk', version: '1.0.0' });
  const args = [bin, 'connect', '--control', '--data-dir', home.dataDir];
  await client.connect(new StdioClientTransport({ command: process.execPath, args }));
  const answer = answerOf(await client.callTool({ name: 'list_processes', arguments: {} }));
  assert.match(answer.text, /app failed/);
  await client.close();
  const told = await home.run('diagnose', 'app');
  assert.equal(told.code, 1);
  assert.match(told.stdout, /fileNotFound[\s\S]*plug-ins\.json/);
  assert.equal((await home.run('diagnose', 'fine')).code, 0);
  const inJapanese = (await home.run('diagnose', 'app', '--lang', 'ja')).stdout;
  assert.match(inJapanese, /必要なファイルまたはフォルダーがありません[\s\S]*plug-ins\.json/);
  const status = (await home.run('status', 'app', '--lang', 'ja')).stdout;
  assert.match(status, /異常終了しました \(終了コード 1\)。\d+ 回続けて終了/);
});
