import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeHarnesses, type Harness, startHarness, testServer } from './testing/harness.ts';
import { askModern, type Message, until } from './testing/raw-client.ts';

const extension = 'io.modelcontextprotocol/tasks';
const subscription = 'io.modelcontextprotocol/subscriptionId';
const capabilities = { extensions: { [extension]: {} }, elicitation: { form: {} } };
const meta = { 'io.modelcontextprotocol/clientCapabilities': capabilities };
let harness: Harness;

before(async () => {
  harness = await startHarness({
    servers: { old: testServer('tasks-legacy'), new: testServer('tasks') },
  });
});
after(closeHarnesses);

const urlOf = (server: string): string => `http://127.0.0.1:${harness.port}/servers/${server}/mcp`;

/** Listens for news of these tasks; the messages come in as they are told. */
async function listen(server: string, taskIds: readonly string[]) {
  const messages: Message[] = [];
  let abort = (): void => {};
  const params = { notifications: { taskIds } };
  const listening = askModern(urlOf(server), 'subscriptions/listen', params, {
    id: 'my stream',
    meta,
    onMessage: (message) => messages.push(message),
    onSent(stop) {
      abort = stop;
    },
  });
  listening.catch(() => {});
  await until('the stream is acknowledged', () => messages.length > 0);
  return { messages, abort };
}

async function operate(server: string, tool: string, args: object = {}): Promise<string> {
  const answer = await harness.gateway.callTool({ server, tool, arguments: { ...args } });
  return (answer.result['content'] as [{ text: string }])[0].text;
}

async function begin(server: string): Promise<{ taskId: string; own: string | undefined }> {
  const answer = await askModern(urlOf(server), 'tools/call', { name: 'job' }, { meta });
  const own = (await operate(server, 'ids')).split(' ').at(-1);
  return { taskId: answer.messages[0].result.taskId, own };
}

for (const server of ['old', 'new'] as const)
  test(`who listens hears of a task at the ${server} server what it asks and comes to, by the id it knows`, async () => {
    const [{ taskId, own }, other] = [await begin(server), await begin(server)];
    const { messages, abort } = await listen(server, [taskId, 'made up']);
    assert.deepEqual(messages[0].params.notifications, { taskIds: [taskId] });
    await until('it is told how the task stands', () => statuses(messages).includes('working'));
    await operate(server, 'finish', { taskId: other.own });
    await operate(server, 'need', { taskId: own });
    await until('the question is told', () => statuses(messages).includes('input_required'));
    await operate(server, 'finish', { taskId: own });
    await until('the end is told', () => statuses(messages).includes('completed'));
    const news = messages.filter(({ method }) => method === 'notifications/tasks');
    const ids = news.map(({ params }) => [params.taskId, params._meta[subscription]]);
    assert.deepEqual([...new Set(ids.map(String))], [String([taskId, 'my stream'])]);
    const asked = news.find(({ params }) => params.status === 'input_required');
    const [request] = Object.values(asked.params.inputRequests) as Message[];
    assert.equal(request.params.message, 'Who are you?');
    const [last] = news.slice(-1);
    assert.deepEqual(last.params.result.content, [{ type: 'text', text: 'done' }]);
    abort();
  });

function statuses(messages: readonly Message[]): unknown[] {
  return messages.map(({ params }) => params?.status);
}
