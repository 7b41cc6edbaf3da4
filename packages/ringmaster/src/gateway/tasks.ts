import { knowsTasks, relayedExtensions } from './extensions.ts';
import { isObject, type JsonObject } from './messages.ts';
import type { Owner } from './owner.ts';

/** Names the task that a message belongs to (2025-11-25, tasks). */
export const relatedTaskKey = 'io.modelcontextprotocol/related-task';
/** The only revision of sessions that has tasks. */
const sessionTasksVersion = '2025-11-25';
/**
 * How long an older server is asked to keep a task that we begin for a client that did not say: an hour. Without it the
 * official SDK keeps tasks for ever.
 */
export const ownTtlMs = 3_600_000;

/**
 * Who deals with the task an older server may make of a call: the client itself (`client`), the client in the words of
 * the stateless era (`bridge`), or we, because the client knows no tasks and the tool is nothing else (`us`).
 */
export type TaskWay = 'client' | 'bridge' | 'us' | 'none';

/** True for sessions of the revision that has tasks. */
export function sessionKnowsTasks({ era, protocolVersion }: Owner): boolean {
  return era === 'legacy' && protocolVersion === sessionTasksVersion;
}

/** Whether an InitializeResult or DiscoverResult says that calls of tools may become tasks, in its era's words. */
export function makesTasks(result: JsonObject): boolean {
  const { capabilities } = result;
  if (!isObject(capabilities)) return false;
  return knowsTasks(capabilities) || makesSessionTasks(result);
}

/** Whether an InitializeResult says that calls of tools may become tasks (2025-11-25, tasks). */
export function makesSessionTasks({ capabilities }: JsonObject): boolean {
  const tasks = isObject(capabilities) ? capabilities['tasks'] : undefined;
  const requests = isObject(tasks) ? tasks['requests'] : undefined;
  const tools = isObject(requests) ? requests['tools'] : undefined;
  return isObject(tools) && isObject(tools['call']);
}

/** What sessions hear of an endpoint behind which some server makes tasks. */
const sessionTasks: JsonObject = { list: {}, cancel: {}, requests: { tools: { call: {} } } };

/** Capabilities without what clients of sessions could not make use of, and tasks in their words. */
export function forSessions(capabilities: JsonObject, protocolVersion: string): JsonObject {
  const { extensions: _all, ...rest } = capabilities;
  const extensions = relayedExtensions(capabilities, 'legacy');
  const hasTasks = protocolVersion === sessionTasksVersion && knowsTasks(capabilities);
  return {
    ...rest,
    ...(hasTasks ? { tasks: sessionTasks } : {}),
    ...(extensions === undefined ? {} : { extensions }),
  };
}

/** Which way the task goes that an older server with tasks may make of a call of this tool. */
export function taskWay(
  { owner, params }: { readonly owner: Owner; readonly params: JsonObject },
  tool: JsonObject | undefined,
): TaskWay {
  if (sessionKnowsTasks(owner)) return isObject(params['task']) ? 'client' : 'none';
  const execution = tool?.['execution'];
  const support = isObject(execution) ? execution['taskSupport'] : undefined;
  if (support !== 'required' && support !== 'optional') return 'none';
  if (owner.era === 'modern' && knowsTasks(owner.capabilities)) return 'bridge';
  return support === 'required' ? 'us' : 'none';
}

/** A task of a stateless server as sessions know tasks; also one with its result or its questions in it. */
export function taskForSession(task: JsonObject): JsonObject {
  const { ttlMs, pollIntervalMs } = task;
  return {
    ...sharedFields(task),
    ttl: typeof ttlMs === 'number' ? ttlMs : null,
    ...(typeof pollIntervalMs === 'number' ? { pollInterval: pollIntervalMs } : {}),
  };
}

/** A task of an older server as the stateless era knows tasks; without its result and its questions. */
export function taskForStateless(task: JsonObject): JsonObject {
  const { ttl, pollInterval } = task;
  return {
    ...sharedFields(task),
    ttlMs: typeof ttl === 'number' ? ttl : null,
    ...(typeof pollInterval === 'number' ? { pollIntervalMs: pollInterval } : {}),
  };
}

/** What both families of revisions call by the same names. */
function sharedFields({ taskId, status, statusMessage, createdAt, lastUpdatedAt }: JsonObject) {
  const message = statusMessage === undefined ? {} : { statusMessage };
  return { taskId, status, ...message, createdAt, lastUpdatedAt: lastUpdatedAt ?? createdAt };
}

/** True when nothing more will come of it. */
export function isOver({ status }: JsonObject): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** The task that an older server says a message belongs to. */
export function relatedTask(message: JsonObject): string | undefined {
  const meta = message['_meta'];
  const related = isObject(meta) ? meta[relatedTaskKey] : undefined;
  const id = isObject(related) ? related['taskId'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** The message as one that belongs to this task; to none when undefined. */
export function withRelatedTask(message: JsonObject, taskId: string | undefined): JsonObject {
  const { _meta: meta, ...rest } = message;
  const { [relatedTaskKey]: _other, ...kept } = isObject(meta) ? meta : {};
  const said = taskId === undefined ? kept : { ...kept, [relatedTaskKey]: { taskId } };
  return Object.keys(said).length === 0 ? rest : { ...rest, _meta: said };
}
