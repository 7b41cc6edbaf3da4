/**
 * Tasks of 2026-07-28 (SEP-2663). `job {text}` becomes a task that works until `finish {taskId}`, where the client
 * declares the extension, and is refused (-32021) where not; `tasks/cancel` cancels it, `need {taskId}` makes it
 * ask for `name`, `tasks/update` with an answer `name` finishes it with that answer's action. Whoever listens is told of
 * tasks that change.
 */
import { serveLines, writeLine } from './line-server.ts';
import { type Call, type Params, RpcError } from './mcp.ts';

const extension = 'io.modelcontextprotocol/tasks';
const createdAt = '2026-11-21T12:00:00Z';
const tasks = new Map<string, Params>();
/** Ids of tasks by the listen that wants to hear of them. */
const listens = new Map<string | number, readonly string[]>();
const tag = 'io.modelcontextprotocol/subscriptionId';

serveLines({
  name: 'tasks',
  eras: 'modern',
  capabilities: { tools: { listChanged: true }, extensions: { [extension]: {} } },
  tools: [
    { name: 'job', run: begin },
    { name: 'finish', run: (call) => finish(String(call.arguments['taskId']), 'done') },
    {
      name: 'need',
      run: (call) => need(String(call.arguments['taskId'])),
    },
    {
      name: 'status',
      run: (call) => String(tasks.get(String(call.arguments['taskId']))?.['status']),
    },
    { name: 'ids', run: () => [...tasks.keys()].join(' ') },
  ],
  methods: {
    'subscriptions/listen': listen,
    'tasks/get': (call) => taskOf(call),
    'tasks/cancel'(call) {
      const task = taskOf(call);
      change(String(task['taskId']), { status: 'cancelled' });
      return {};
    },
    'tasks/update'(call) {
      const answers = call.params['inputResponses'] as Readonly<Record<string, Params>>;
      finish(String(taskOf(call)['taskId']), String(answers['name']?.['action']));
      return {};
    },
  },
});

function begin(call: Call): Params {
  if (!declares(call)) {
    const data = { requiredCapabilities: { extensions: { [extension]: {} } } };
    throw new RpcError(-32021, 'Missing required client capability', data);
  }
  const taskId = `task-${tasks.size + 1}`;
  const task = {
    taskId,
    status: 'working',
    createdAt,
    lastUpdatedAt: createdAt,
    ttlMs: null,
    pollIntervalMs: 50,
  };
  tasks.set(taskId, task);
  return { resultType: 'task', ...task };
}

function finish(taskId: string, text: string): string {
  const result = { content: [{ type: 'text', text }] };
  change(taskId, { status: 'completed', result });
  return 'finished';
}

function need(taskId: string): string {
  const params = { mode: 'form', message: 'Who are you?', requestedSchema: { type: 'object' } };
  const inputRequests = { name: { method: 'elicitation/create', params } };
  change(taskId, { status: 'input_required', inputRequests });
  return 'asked';
}

function change(taskId: string, news: Params): void {
  const task = { ...tasks.get(taskId), ...news };
  tasks.set(taskId, task);
  for (const [id, wanted] of listens) {
    if (!wanted.includes(taskId)) continue;
    const params = { ...task, _meta: { [tag]: id } };
    writeLine({ jsonrpc: '2.0', method: 'notifications/tasks', params });
  }
}

function listen(call: Call): unknown {
  const { taskIds } = call.params['notifications'] as { taskIds?: string[] };
  listens.set(call.id, declares(call) ? (taskIds ?? []) : []);
  call.onCancel(() => listens.delete(call.id));
  const params = { notifications: { taskIds: listens.get(call.id) }, _meta: { [tag]: call.id } };
  call.notify('notifications/subscriptions/acknowledged', params);
  return new Promise(() => {});
}

function taskOf(call: Call): Params {
  const task = declares(call) ? tasks.get(String(call.params['taskId'])) : undefined;
  if (task === undefined) throw new RpcError(-32602, 'Task not found');
  return task;
}

function declares(call: Call): boolean {
  const meta = (call.params['_meta'] ?? {}) as Params;
  const declared = meta['io.modelcontextprotocol/clientCapabilities'] as Params | undefined;
  return (declared?.['extensions'] as Params | undefined)?.[extension] !== undefined;
}
