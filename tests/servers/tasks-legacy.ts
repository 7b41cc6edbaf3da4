/**
 * Tasks of 2025-11-25. `job` may become a task and `must` can be nothing else; each works until `finish {taskId}`, where
 * `{error}` fails it. `need {taskId}` makes a task ask for a name, which finishes it with the action of the answer;
 * `status` and `ids` tell of tasks, `last` the newest call's `task` param.
 */
import { serveLines, writeLine } from './line-server.ts';
import { type Call, type Params, RpcError } from './mcp.ts';

interface Task {
  readonly state: Params;
  readonly outcome?: { readonly result?: Params; readonly error?: RpcError };
  /** Waits to be asked when somebody waits for the result. */
  readonly question?: Params;
}

const tasks = new Map<string, Task>();
const waiting = new Map<string, (() => void)[]>();
const askedFor = new Map<string, string>();
const createdAt = '2026-11-21T12:00:00Z';
const related = 'io.modelcontextprotocol/related-task';
let last: unknown;

const named = (call: Call): string => String(call.arguments['taskId']);
const text = (value: string): Params => ({ content: [{ type: 'text', text: value }] });

serveLines({
  name: 'tasks-legacy',
  capabilities: {
    tools: { listChanged: true },
    tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
  },
  tools: [
    { name: 'job', execution: { taskSupport: 'optional' }, run: begin },
    { name: 'must', execution: { taskSupport: 'required' }, run: beginOnly },
    { name: 'finish', run: finish },
    { name: 'need', run: need },
    { name: 'status', run: (call) => String(tasks.get(named(call))?.state['status']) },
    { name: 'ids', run: () => [...tasks.keys()].join(' ') },
    { name: 'last', run: () => JSON.stringify(last ?? null) },
  ],
  methods: {
    'tasks/get': (call) => taskOf(call).state,
    'tasks/list': () => ({ tasks: [...tasks.values()].map(({ state }) => state) }),
    'tasks/result': resultOf,
    'tasks/cancel'(call) {
      const { state } = taskOf(call);
      if (state['status'] !== 'working' && state['status'] !== 'input_required')
        throw new RpcError(-32602, 'The task is over');
      end(String(state['taskId']), 'cancelled', { error: new RpcError(-32000, 'Cancelled') });
      return taskOf(call).state;
    },
  },
  before(message) {
    if (message.method !== undefined) return true;
    const taskId = askedFor.get(String(message.id));
    const { action } = (message.result ?? { action: 'refused' }) as { action: string };
    const isOver = taskId === undefined || tasks.get(taskId)?.outcome !== undefined;
    if (!isOver) end(taskId, 'completed', { result: text(action) });
    return false;
  },
});

function begin(call: Call): unknown {
  last = call.params['task'];
  if (last === undefined) return text('at once');
  const taskId = `task-${tasks.size + 1}`;
  const { ttl = null } = last as { ttl?: number };
  const state = {
    ...{ taskId, status: 'working', createdAt, lastUpdatedAt: createdAt, ttl, pollInterval: 50 },
  };
  tasks.set(taskId, { state });
  return { task: state };
}

function beginOnly(call: Call): unknown {
  if (call.params['task'] === undefined) throw new RpcError(-32601, 'must needs a task');
  return begin(call);
}

function finish(call: Call): string {
  const { error } = call.arguments;
  if (error === undefined) end(named(call), 'completed', { result: text('done') });
  else end(named(call), 'failed', { error: new RpcError(-32050, String(error)) });
  return 'finished';
}

function need(call: Call): string {
  const taskId = named(call);
  const requestedSchema = { type: 'object', properties: { name: { type: 'string' } } };
  const question = { message: 'Who are you?', requestedSchema, _meta: { [related]: { taskId } } };
  set(taskId, 'input_required', { question });
  return 'asked';
}

function end(taskId: string, status: string, outcome: NonNullable<Task['outcome']>): void {
  set(taskId, status, { outcome });
  const state = tasks.get(taskId)?.state ?? {};
  writeLine({ jsonrpc: '2.0', method: 'notifications/tasks/status', params: state });
}

function set(taskId: string, status: string, more: Omit<Task, 'state'>): void {
  const state = { ...tasks.get(taskId)?.state, status };
  tasks.set(taskId, { state, ...more });
  for (const wake of waiting.get(taskId)?.splice(0) ?? []) wake();
}

/** Answers when the task is over, and asks meanwhile what it wants to know. */
async function resultOf(call: Call): Promise<Params> {
  const task = taskOf(call);
  const taskId = String(task.state['taskId']);
  if (task.outcome?.error !== undefined) throw task.outcome.error;
  if (task.outcome?.result !== undefined)
    return { ...task.outcome.result, _meta: { [related]: { taskId } } };
  if (task.question !== undefined) {
    const id = `question ${askedFor.size + 1}`;
    askedFor.set(id, taskId);
    tasks.set(taskId, { state: task.state });
    writeLine({ jsonrpc: '2.0', id, method: 'elicitation/create', params: task.question });
  }
  await new Promise<void>((wake) =>
    waiting.set(taskId, [...(waiting.get(taskId) ?? []), () => wake()]),
  );
  return resultOf(call);
}

function taskOf(call: Call): Task {
  const task = tasks.get(String(call.params['taskId']));
  if (task === undefined) throw new RpcError(-32602, 'Task not found');
  return task;
}
