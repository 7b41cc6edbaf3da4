import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeHarnesses, type Harness, startHarness, testServer } from './testing/harness.ts';
import {
  type Answer,
  askModern,
  type Message,
  openSession,
  type SessionClient,
  send,
} from './testing/raw-client.ts';

let harness: Harness;

before(async () => {
  harness = await startHarness({
    servers: { it: testServer('tasks'), other: testServer('echo') },
  });
});
after(closeHarnesses);

const extension = 'io.modelcontextprotocol/tasks';
const capabilities = 'io.modelcontextprotocol/clientCapabilities';
const declared = { [capabilities]: { extensions: { [extension]: {} } } };

function ask(
  method: string,
  params: Readonly<Record<string, unknown>>,
  more: { readonly url?: string; readonly meta?: Readonly<Record<string, unknown>> } = {},
): Promise<Answer> {
  const { taskId } = params;
  return askModern(more.url ?? harness.url, method, params, {
    meta: more.meta ?? declared,
    ...(typeof taskId === 'string' ? { headers: { 'mcp-name': taskId } } : {}),
  });
}

async function begin(): Promise<string> {
  const { messages } = await ask('tools/call', { name: 'job', arguments: {} });
  assert.equal(messages[0].result.resultType, 'task');
  return messages[0].result.taskId;
}

async function ownIds(): Promise<string[]> {
  const { result } = await harness.gateway.callTool({ server: 'it', tool: 'ids', arguments: {} });
  return (result['content'] as [{ text: string }])[0].text.split(' ');
}

test('discover says that tasks pass through, where a server has them', async () => {
  for (const [server, extensions] of [
    ['it', { [extension]: {} }],
    ['other', undefined],
  ] as const) {
    const url = `http://127.0.0.1:${harness.port}/servers/${server}/mcp`;
    const { result } = (await askModern(url, 'server/discover')).messages[0];
    assert.deepEqual(result.capabilities.extensions, extensions);
  }
  const client = await openSession(harness.url);
  assert.equal(client.hello.result.capabilities.extensions, undefined);
});

test('a task is known by an id of ours, from its beginning to its result', async () => {
  const taskId = await begin();
  const [own = ''] = (await ownIds()).slice(-1);
  assert.ok(taskId.length > own.length && !taskId.includes(own));
  const working = (await ask('tasks/get', { taskId })).messages[0].result;
  assert.deepEqual([working.status, working.taskId], ['working', taskId]);
  assert.equal(working.resultType, 'complete');
  await ask('tools/call', { name: 'finish', arguments: { taskId: own } });
  const done = (await ask('tasks/get', { taskId })).messages[0].result;
  assert.deepEqual([done.status, done.taskId], ['completed', taskId]);
  assert.deepEqual(done.result.content, [{ type: 'text', text: 'done' }]);
});

test('answers and a cancel reach the server that has the task', async () => {
  const [first, second] = [await begin(), await begin()];
  const inputResponses = { name: { action: 'accept' } };
  const updated = await ask('tasks/update', { taskId: first, inputResponses });
  assert.equal(updated.messages[0].result.resultType, 'complete');
  const { result } = (await ask('tasks/get', { taskId: first })).messages[0].result;
  assert.deepEqual(result.content, [{ type: 'text', text: 'accept' }]);
  await ask('tasks/cancel', { taskId: second });
  assert.equal((await ask('tasks/get', { taskId: second })).messages[0].result.status, 'cancelled');
});

test('an id that was turned, made up, or is the server own one names no task', async () => {
  const taskId = await begin();
  const [own = ''] = (await ownIds()).slice(-1);
  const turned = `${taskId.slice(0, 9)}${taskId[9] === 'A' ? 'B' : 'A'}${taskId.slice(10)}`;
  for (const id of [turned, own, 'none', 'x'.repeat(5_000)]) {
    const { status, messages } = await ask('tasks/get', { taskId: id });
    assert.deepEqual([status, messages[0].error?.code], [200, -32602], id);
  }
  const elsewhere = `http://127.0.0.1:${harness.port}/servers/other/mcp`;
  const { messages } = await ask('tasks/get', { taskId }, { url: elsewhere });
  assert.equal(messages[0].error.code, -32602);
});

test('the Mcp-Name header must repeat the id of the task', async () => {
  const taskId = await begin();
  const headers = { 'mcp-name': 'another' };
  const { status, messages } = await askModern(
    ...([harness.url, 'tasks/get', { taskId }, { meta: declared, headers }] as const),
  );
  assert.deepEqual([status, messages[0].error.code], [400, -32020]);
});

for (const [method, params] of [
  ['tools/call', { name: 'job', arguments: {} }],
  ['tasks/get', { taskId: 'x' }],
  ['subscriptions/listen', { notifications: { taskIds: ['x'] } }],
] as const) {
  test(`${method} of a client that does not know tasks is told what it lacks`, async () => {
    const { status, messages } = await ask(method, params, { meta: {} });
    assert.deepEqual([status, messages[0].error.code], [400, -32021]);
    const { requiredCapabilities } = messages[0].error.data;
    assert.deepEqual(requiredCapabilities, { extensions: { [extension]: {} } });
  });
}

test('a task outlives the daemon, and its id with it', async () => {
  const facts = new Map<string, unknown>();
  const first = await startHarness({ servers: { it: testServer('tasks') }, facts });
  const url = first.url;
  const { taskId } = (await ask('tools/call', { name: 'job' }, { url })).messages[0].result;
  await first.close();
  const second = await startHarness({ servers: { it: testServer('tasks') }, facts });
  await ask('tools/call', { name: 'job' }, { url: second.url });
  // The server of this test forgets its tasks and counts from one again.
  const { result } = (await ask('tasks/get', { taskId }, { url: second.url })).messages[0];
  assert.deepEqual([result.status, result.taskId], ['working', taskId]);
});

test('a client of a session waits for the task as for a call that takes long', async () => {
  const client = await openSession(harness.url);
  const before = await ownIds();
  const calling = client.ask('tools/call', { name: 'job', arguments: {} });
  let [own = ''] = (await ownIds()).slice(-1);
  while (before.includes(own)) [own = ''] = (await ownIds()).slice(-1);
  await harness.gateway.callTool({ server: 'it', tool: 'finish', arguments: { taskId: own } });
  const { result } = await calling;
  assert.deepEqual(result, { content: [{ type: 'text', text: 'done' }] });
});

test('what it cancels is cancelled at the server', async () => {
  const client = await openSession(harness.url);
  const before = await ownIds();
  const calling = client.ask('tools/call', { name: 'job', arguments: {} }, { id: 'long' });
  let [own = ''] = (await ownIds()).slice(-1);
  while (before.includes(own)) [own = ''] = (await ownIds()).slice(-1);
  const body = {
    ...{ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'long' } },
  };
  await send(harness.url, { body, headers: client.headers });
  await calling;
  const { result } = await harness.gateway.callTool({
    ...{ server: 'it', tool: 'status', arguments: { taskId: own } },
  });
  assert.deepEqual(result['content'], [{ type: 'text', text: 'cancelled' }]);
});

/** Begins a job for a session, and waits until the server has it. */
async function beginFor(client: SessionClient, onMessage: (message: Message) => void = () => {}) {
  const before = await ownIds();
  const calling = client.ask('tools/call', { name: 'job', arguments: {} }, { onMessage });
  let [own = ''] = (await ownIds()).slice(-1);
  while (before.includes(own)) [own = ''] = (await ownIds()).slice(-1);
  return { calling, own };
}

const tell = (tool: string, taskId: string) =>
  harness.gateway.callTool({ server: 'it', tool, arguments: { taskId } });

test('what a task wants to know is asked of the session that waits for it', async () => {
  const client = await openSession(harness.url, '2025-11-25', { elicitation: {} });
  const asked: Message[] = [];
  const { calling, own } = await beginFor(client, (message) => {
    if (message.method === undefined) return;
    asked.push(message);
    void client.answer(message.id, { result: { action: 'accept', content: {} } });
  });
  await tell('need', own);
  assert.equal((await calling).result.content[0].text, 'accept');
  assert.deepEqual(
    asked.map(({ method, params }) => [method, params.message]),
    [['elicitation/create', 'Who are you?']],
  );
});

test('a task that asks what a session cannot be asked is cancelled, and the call says why', async () => {
  const { calling, own } = await beginFor(await openSession(harness.url, '2025-11-25'));
  await tell('need', own);
  const { result } = await calling;
  assert.equal(result.isError, true);
  assert.match(result.content[0].text, /did not declare the capability elicitation/);
  const { result: status } = await tell('status', own);
  assert.deepEqual(status['content'], [{ type: 'text', text: 'cancelled' }]);
  assert.equal(harness.gateway.conversations.inFlight('it', 0), 0);
});

test('a task is asked after at the process that has it, which counts as busy while a session waits', async () => {
  const taskId = await begin();
  const { calling, own } = await beginFor(await openSession(harness.url));
  await harness.start('it', { index: 1 });
  const inFlight = (index: number) => harness.gateway.conversations.inFlight('it', index);
  // The other process is the less busy one, and knows no task.
  assert.deepEqual([inFlight(0), inFlight(1)], [1, 0]);
  assert.deepEqual(await ownIds(), ['']);
  assert.equal((await ask('tasks/get', { taskId })).messages[0].result.status, 'working');
  await ask('tasks/cancel', { taskId });
  const answered = await ask('tasks/get', { taskId });
  assert.equal(answered.messages[0].result.status, 'cancelled');
  assert.notEqual(own, '');
  // It ends with the harness.
  calling.catch(() => {});
});
