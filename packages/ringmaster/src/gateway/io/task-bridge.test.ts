import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createEventReader } from './legs/event-reader.ts';
import { closeHarnesses, type Harness, startHarness, testServer } from './testing/harness.ts';
import {
  type Answer,
  askModern,
  type Message,
  openSession,
  type SessionClient,
  until,
} from './testing/raw-client.ts';

const version = '2025-11-25';
const extension = 'io.modelcontextprotocol/tasks';
const related = 'io.modelcontextprotocol/related-task';
const servers = { old: testServer('tasks-legacy'), new: testServer('tasks') };
let harness: Harness;

before(async () => {
  harness = await startHarness({ servers });
});
after(closeHarnesses);

const urlOf = (server: string, of = harness): string =>
  `http://127.0.0.1:${of.port}/servers/${server}/mcp`;
const form = { elicitation: { form: {} } };
const session = (server: string, capabilities = {}): Promise<SessionClient> =>
  openSession(urlOf(server), version, capabilities);

/** A request of a stateless client that knows tasks. */
function ask(method: string, params: Readonly<Record<string, unknown>>, more = {}, of = harness) {
  const { taskId } = params;
  const meta = {
    'io.modelcontextprotocol/clientCapabilities': { extensions: { [extension]: {} }, ...more },
  };
  const headers = typeof taskId === 'string' ? { 'mcp-name': taskId } : {};
  return askModern(urlOf('old', of), method, params, { meta, headers });
}

const first = ({ messages }: Answer): Message => messages[0];

/** Text of a tool that the operator calls. */
async function operate(server: string, tool: string, args: object = {}): Promise<string> {
  const answer = await harness.gateway.callTool({ server, tool, arguments: { ...args } });
  return (answer.result['content'] as [{ text: string }])[0].text;
}

/** Tells a server about the task it began last. */
async function tell(server: string, tool: string, more: object = {}): Promise<string> {
  const ids = (await operate(server, 'ids')).split(' ');
  return operate(server, tool, { taskId: ids.at(-1), ...more });
}

/** Begins a task as sessions do. */
async function begin(client: SessionClient, name = 'job'): Promise<string> {
  const params = { name, arguments: {}, task: { ttl: 60_000 } };
  const { task } = (await client.ask('tools/call', params)).result;
  assert.equal(task.status, 'working');
  return task.taskId;
}

for (const server of ['old', 'new'] as const) {
  const kind = server === 'old' ? 'a server with a handshake' : 'a stateless server';

  test(`a session begins a task at ${kind}, looks at it, and fetches its result`, async () => {
    const client = await session(server);
    const { tasks } = client.hello.result.capabilities;
    assert.deepEqual(tasks, { list: {}, cancel: {}, requests: { tools: { call: {} } } });
    const taskId = await begin(client);
    const seen = (await client.ask('tasks/get', { taskId })).result;
    assert.deepEqual(
      [seen.taskId, seen.status, seen.pollInterval, typeof seen.createdAt],
      [taskId, 'working', 50, 'string'],
    );
    assert.deepEqual([seen.resultType, seen.ttlMs], [undefined, undefined]);
    const waiting = client.ask('tasks/result', { taskId });
    await tell(server, 'finish');
    const { result } = await waiting;
    assert.deepEqual(result, {
      content: [{ type: 'text', text: 'done' }],
      _meta: { [related]: { taskId } },
    });
    assert.equal((await client.ask('tasks/get', { taskId })).result.status, 'completed');
  });

  test(`a session cancels a task at ${kind}, and hears how it stands`, async () => {
    const client = await session(server);
    const taskId = await begin(client);
    const cancelled = (await client.ask('tasks/cancel', { taskId })).result;
    assert.deepEqual([cancelled.taskId, cancelled.status], [taskId, 'cancelled']);
    assert.equal(await tell(server, 'status'), 'cancelled');
  });

  test(`what a task at ${kind} wants to know is asked of the session that waits for it, and of no other`, async () => {
    const [client, other] = [await session(server, form), await session(server, form)];
    const [taskId, otherId] = [await begin(client), await begin(other)];
    const strangers: Message[] = [];
    const bystander = other.ask(
      ...([
        'tasks/result',
        { taskId: otherId },
        { onMessage: (message: Message) => strangers.push(message) },
      ] as const),
    );
    const asked: Message[] = [];
    const waiting = client.ask('tasks/result', { taskId }, {
      onMessage(message) {
        if (message.method === undefined) return;
        asked.push(message);
        void client.answer(message.id, { result: { action: 'accept', content: {} } });
      },
    } as const);
    const [own, foreign] = (await operate(server, 'ids')).split(' ').slice(-2);
    await operate(server, 'need', { taskId: own });
    assert.equal((await waiting).result.content[0].text, 'accept');
    assert.deepEqual(
      asked.map(({ method, params }) => [method, params.message]),
      [['elicitation/create', 'Who are you?']],
    );
    if (server === 'old') assert.equal(asked[0].params._meta[related].taskId, taskId);
    await operate(server, 'finish', { taskId: foreign });
    await bystander;
    assert.deepEqual(
      strangers.filter(({ method }) => method !== undefined),
      [],
    );
  });

  test(`a task at ${kind} is its session's alone, and made up ids name none`, async () => {
    const [client, other] = [await session(server), await session(server)];
    const taskId = await begin(client);
    const turned = `${taskId.slice(0, 9)}${taskId[9] === 'A' ? 'B' : 'A'}${taskId.slice(10)}`;
    for (const method of ['tasks/get', 'tasks/result', 'tasks/cancel']) {
      assert.equal((await other.ask(method, { taskId })).error.code, -32602, method);
      assert.equal((await client.ask(method, { taskId: turned })).error.code, -32602, method);
      assert.equal((await client.ask(method, { taskId: 'task-1' })).error.code, -32602, method);
    }
    assert.equal(first(await ask('tasks/get', { taskId })).error.code, -32602);
    assert.equal((await client.ask('tasks/get', { taskId })).result.status, 'working');
  });

  test(`a session lists its own tasks at ${kind}, the newest first, and nobody else's`, async () => {
    const [client, other] = [await session(server), await session(server)];
    const mine = [await begin(client), await begin(client)];
    await begin(other);
    const { tasks } = (await client.ask('tasks/list')).result;
    assert.deepEqual(
      tasks.map(({ taskId, status }: Message) => [taskId, status]),
      [...mine].reverse().map((taskId) => [taskId, 'working']),
    );
  });
}

test('more tasks than a page holds come in pages', async () => {
  const client = await session('old');
  for (let count = 0; count < 53; count += 1) await begin(client);
  const { tasks, nextCursor } = (await client.ask('tasks/list')).result;
  const rest = (await client.ask('tasks/list', { cursor: nextCursor })).result;
  assert.deepEqual([tasks.length, rest.tasks.length, rest.nextCursor], [50, 3, undefined]);
  assert.equal((await client.ask('tasks/list', { cursor: 'x' })).error.code, -32602);
});

test('a session may ask for a task with every tool of a stateless server, and gets one that is over', async () => {
  const client = await session('new');
  const { tools } = (await client.ask('tools/list')).result;
  assert.deepEqual(
    [...new Set(tools.map((tool: Message) => tool.execution.taskSupport))],
    ['optional'],
  );
  const params = { name: 'ids', arguments: {}, task: {} };
  const { task } = (await client.ask('tools/call', params)).result;
  assert.equal(task.status, 'completed');
  const { taskId } = task;
  assert.equal((await client.ask('tasks/get', { taskId })).result.status, 'completed');
  const { result } = await client.ask('tasks/result', { taskId });
  assert.deepEqual([result.content[0].type, result._meta[related].taskId], ['text', taskId]);
  assert.equal((await client.ask('tasks/cancel', { taskId })).error.code, -32602);
  assert.equal((await (await session('new')).ask('tasks/get', { taskId })).error.code, -32602);
});

test('sessions of older revisions hear nothing of tasks, and call what can be nothing else', async () => {
  const client = await openSession(urlOf('old'), '2025-06-18');
  assert.equal(client.hello.result.capabilities.tasks, undefined);
  assert.equal((await client.ask('tasks/get', { taskId: 'x' })).error.code, -32601);
  assert.equal((await client.ask('tasks/list')).error.code, -32601);
  const { calling } = await begins(() => client.call('must'));
  await tell('old', 'finish');
  assert.equal(await calling, 'done');
  assert.equal(await client.call('job'), 'at once');
});

/** Does something that makes the older server begin a task, and resolves once it has. */
async function begins<Answer>(call: () => Promise<Answer>): Promise<{ calling: Promise<Answer> }> {
  const before = await operate('old', 'ids');
  const calling = call();
  // Looked at where it is waited for.
  calling.catch(() => {});
  while ((await operate('old', 'ids')) === before);
  return { calling };
}

test('a session that knows tasks is refused by a tool that can be nothing else, as by the server itself', async () => {
  const client = await session('old');
  assert.match(await client.call('must'), /-32601 must needs a task/);
});

test('a stateless client gets the tasks of a server with a handshake in its own words', async () => {
  const { extensions } = first(await ask('server/discover', {})).result.capabilities;
  assert.deepEqual(extensions, { [extension]: {} });
  for (const name of ['job', 'must']) {
    const begun = first(await ask('tools/call', { name, arguments: {} })).result;
    assert.deepEqual(
      [begun.resultType, begun.status, begun.ttlMs, begun.pollIntervalMs],
      ['task', 'working', 3_600_000, 50],
    );
    const { taskId } = begun;
    const working = first(await ask('tasks/get', { taskId })).result;
    assert.deepEqual([working.resultType, working.status], ['complete', 'working']);
    await tell('old', 'finish');
    const over = first(await ask('tasks/get', { taskId })).result;
    assert.deepEqual([over.status, over.taskId], ['completed', taskId]);
    assert.deepEqual(over.result, { content: [{ type: 'text', text: 'done' }] });
  }
});

test('a task that fails at a server with a handshake fails for a stateless client, with the same error', async () => {
  const { taskId } = first(await ask('tools/call', { name: 'job' })).result;
  await tell('old', 'finish', { error: 'broken' });
  const { status, error } = first(await ask('tasks/get', { taskId })).result;
  assert.deepEqual([status, error.code, error.message], ['failed', -32050, 'broken']);
});

test('a stateless client cancels a task of a server with a handshake, and may say so twice', async () => {
  const { taskId } = first(await ask('tools/call', { name: 'job' })).result;
  for (let round = 0; round < 2; round += 1) {
    const { result } = first(await ask('tasks/cancel', { taskId }));
    assert.deepEqual([result.resultType, result.status], ['complete', undefined]);
  }
  assert.equal(first(await ask('tasks/get', { taskId })).result.status, 'cancelled');
});

test('what such a task wants to know waits in tasks/get, and tasks/update answers it', async () => {
  const { taskId } = first(await ask('tools/call', { name: 'job' }, form)).result;
  await tell('old', 'need');
  let seen: Message = {};
  while (seen.status !== 'input_required')
    seen = first(await ask('tasks/get', { taskId }, form)).result;
  const [[key, request]] = Object.entries(seen.inputRequests) as [[string, Message]];
  assert.deepEqual(
    [request.method, request.params.message, request.params._meta],
    ['elicitation/create', 'Who are you?', undefined],
  );
  const wrong = await ask('tasks/update', { taskId, inputResponses: { [key]: {} } }, form);
  assert.equal(first(wrong).error.code, -32602);
  const inputResponses = { [key]: { action: 'accept', content: { name: 'Ada' } } };
  await ask('tasks/update', { taskId, inputResponses }, form);
  while (seen.status !== 'completed') seen = first(await ask('tasks/get', { taskId }, form)).result;
  assert.equal(seen.result.content[0].text, 'accept');
  const asked = harness.events.filter(({ kind }) => kind.startsWith('ask.')).slice(-2);
  assert.deepEqual(
    asked.map((event) => [event.kind, 'outcome' in event ? event.outcome : undefined]),
    [
      ['ask.asked', undefined],
      ['ask.finished', 'answered'],
    ],
  );
});

test('a task is not asked what its stateless client cannot be asked, and the journal knows', async () => {
  const { taskId } = first(await ask('tools/call', { name: 'job' })).result;
  await tell('old', 'need');
  let seen: Message = {};
  while (seen.status !== 'completed') seen = first(await ask('tasks/get', { taskId })).result;
  assert.equal(seen.result.content[0].text, 'refused');
  const [finished] = harness.events.filter(({ kind }) => kind === 'ask.finished').slice(-1);
  assert.match(JSON.stringify(finished), /did not declare the capability elicitation/);
});

test('a stateless client that knows no tasks waits for the result of a tool that makes nothing else', async () => {
  const params = { name: 'must', arguments: {} };
  const { calling } = await begins(() => askModern(urlOf('old'), 'tools/call', params));
  await tell('old', 'finish');
  assert.equal(first(await calling).result.content[0].text, 'done');
});

test('who leaves while we wait in its place leaves no task behind', async () => {
  let leave = (): void => {};
  const options = {
    onSent(abort: () => void) {
      leave = abort;
    },
  };
  const call = () => askModern(urlOf('old'), 'tools/call', { name: 'must' }, options);
  const { calling } = await begins(call);
  leave();
  await assert.rejects(calling);
  while ((await tell('old', 'status')) !== 'cancelled');
  await until('nothing is held', () => harness.gateway.conversations.inFlight('old', 0) === 0);
});

test('a task of an older server outlives the daemon, for sessions and for stateless clients', async () => {
  const facts = new Map<string, unknown>();
  const before = await startHarness({ servers, facts });
  const { taskId } = first(await ask('tools/call', { name: 'job' }, {}, before)).result;
  const client = await openSession(urlOf('old', before), version);
  const own = await begin(client);
  await before.close();
  const later = await startHarness({ servers, facts });
  // The servers of this test forget their tasks and count from one again.
  for (let count = 0; count < 2; count += 1) await ask('tools/call', { name: 'job' }, {}, later);
  const seen = first(await ask('tasks/get', { taskId }, {}, later)).result;
  assert.deepEqual([seen.status, seen.taskId], ['working', taskId]);
  const headers = client.headers;
  const list = await listOf(urlOf('old', later), headers);
  assert.deepEqual(list, [own]);
});

async function listOf(url: string, headers: Readonly<Record<string, string>>): Promise<string[]> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tasks/list' });
  const accept = 'application/json, text/event-stream';
  const content = { 'content-type': 'application/json', accept };
  const response = await fetch(url, { method: 'POST', body, headers: { ...content, ...headers } });
  let message: Message;
  const text = await response.text();
  if (text.startsWith('{')) message = JSON.parse(text);
  else
    createEventReader(1_000_000, ({ data }) => {
      if (data !== '') message = JSON.parse(data);
    }).read(text);
  return message.result.tasks.map(({ taskId }: Message) => taskId);
}
