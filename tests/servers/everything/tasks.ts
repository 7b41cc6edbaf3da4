/** Tools that become tasks (2026-07-28 extension `io.modelcontextprotocol/tasks`), on stdio, of the stateless era. */
import { randomUUID } from 'node:crypto';
import { serveLines } from '../line-server.ts';
import { type Call, type Params, RpcError } from '../mcp.ts';
import { form, type Questions, text } from './turn.ts';

const extension = 'io.modelcontextprotocol/tasks';
const ttlMs = 60_000;
const pollIntervalMs = 100;
const jobMs = 100;

interface Task {
  readonly taskId: string;
  readonly createdAt: string;
  lastUpdatedAt: string;
  status: 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';
  inputRequests?: Questions;
  result?: Params;
  error?: { readonly code: number; readonly message: string };
  /** What happens when all questions are answered. */
  onAnswered?: (answers: Params) => void;
  answers: Params;
}

const tasks = new Map<string, Task>();
const confirm = form('Really?', { confirm: { type: 'boolean' } }, ['confirm']);
const nameForm = form('What is your name?', { name: { type: 'string' } }, ['name']);

const tools: Readonly<Record<string, (call: Call) => unknown>> = {
  greet: ({ arguments: { name } }) => text(`Hello, ${String(name)}!`),
  slow_compute(call) {
    const delayMs = Number(call.arguments['seconds'] ?? 1) * 1_000;
    const done = text(`computed for ${delayMs} ms`);
    if (!isDeclared(call)) return after(delayMs, done);
    return begin((task) =>
      setTimeout(finish, delayMs, task, { status: 'completed', result: done }),
    );
  },
  failing_job(call) {
    if (!isDeclared(call)) throw missing();
    const result = { ...text('the job failed'), isError: true };
    return begin((task) => setTimeout(finish, jobMs, task, { status: 'completed', result }));
  },
  protocol_error_job(call) {
    if (!isDeclared(call)) throw missing();
    const error = { code: -32603, message: 'the job broke' };
    return begin((task) => setTimeout(finish, jobMs, task, { status: 'failed', error }));
  },
  confirm_delete(call) {
    if (!isDeclared(call)) throw missing();
    return begin((task) => {
      const name = String(call.arguments['filename']);
      ask(task, { confirm }, () =>
        finish(task, { status: 'completed', result: text(`deleted ${name}`) }),
      );
    });
  },
  multi_input(call) {
    if (!isDeclared(call)) throw missing();
    return begin((task) =>
      ask(task, { first: nameForm, second: confirm }, (answers) =>
        finish(task, { status: 'completed', result: text(Object.keys(answers).sort().join()) }),
      ),
    );
  },
  test_tool_with_task(call) {
    const given = call.params['inputResponses'] as Params | undefined;
    const answer = given?.['user_name'] as { readonly content?: Params } | undefined;
    const name = answer?.content?.['name'];
    if (name === undefined) {
      const requestState = 'asked';
      return { resultType: 'input_required', inputRequests: { user_name: nameForm }, requestState };
    }
    if (!isDeclared(call)) throw missing();
    const result = text(`done for ${String(name)}`);
    return begin((task) => setTimeout(finish, jobMs, task, { status: 'completed', result }));
  },
};

serveLines({
  name: 'everything-tasks',
  eras: 'modern',
  tools: Object.keys(tools).map((name) => ({ name, run: () => '' })),
  capabilities: { tools: {}, extensions: { [extension]: {} } },
  methods: {
    'tools/call': (call) => {
      const run = tools[String(call.params['name'])];
      if (run === undefined) throw new RpcError(-32602, 'Unknown tool');
      return run(call);
    },
    'tasks/get': (call) => {
      const { onAnswered: _then, answers: _answers, ...shown } = taskOf(call);
      return { ...shown, ttlMs, pollIntervalMs };
    },
    'tasks/update': (call) => {
      answer(taskOf(call), (call.params['inputResponses'] ?? {}) as Params);
      return {};
    },
    'tasks/cancel': (call) => {
      const task = taskOf(call);
      finish(task, { status: 'cancelled' });
      return {};
    },
  },
});

function begin(work: (task: Task) => void): Params {
  const now = new Date().toISOString();
  const times = { createdAt: now, lastUpdatedAt: now };
  const task: Task = { taskId: randomUUID(), ...times, status: 'working', answers: {} };
  tasks.set(task.taskId, task);
  work(task);
  const { taskId } = task;
  return { resultType: 'task', taskId, ...times, status: 'working', ttlMs, pollIntervalMs };
}

/** Ends a task, unless it has ended before. */
function finish(task: Task, end: Pick<Task, 'status' | 'result' | 'error'>): void {
  if (task.status !== 'working' && task.status !== 'input_required') return;
  delete task.inputRequests;
  Object.assign(task, end, { lastUpdatedAt: new Date().toISOString() });
}

function ask(task: Task, questions: Questions, then: (answers: Params) => void): void {
  task.status = 'input_required';
  task.inputRequests = questions;
  task.onAnswered = then;
}

function answer(task: Task, given: Params): void {
  if (task.inputRequests === undefined) return;
  const known = Object.entries(given).filter(([key]) => key in (task.inputRequests ?? {}));
  task.answers = { ...task.answers, ...Object.fromEntries(known) };
  const left = Object.entries(task.inputRequests).filter(([key]) => !(key in task.answers));
  task.inputRequests = Object.fromEntries(left);
  if (left.length > 0) return;
  task.status = 'working';
  task.onAnswered?.(task.answers);
}

function taskOf(call: Call): Task {
  if (!isDeclared(call)) throw missing();
  const task = tasks.get(String(call.params['taskId']));
  if (task === undefined) throw new RpcError(-32602, 'Unknown task');
  return task;
}

function isDeclared(call: Call): boolean {
  const meta = (call.params['_meta'] ?? {}) as Params;
  const declared = meta['io.modelcontextprotocol/clientCapabilities'] as Params | undefined;
  return extension in ((declared?.['extensions'] ?? {}) as Params);
}

function missing(): RpcError {
  const requiredCapabilities = { extensions: { [extension]: {} } };
  return new RpcError(-32021, 'This needs tasks', { requiredCapabilities });
}

function after(delayMs: number, value: unknown): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, delayMs, value));
}
