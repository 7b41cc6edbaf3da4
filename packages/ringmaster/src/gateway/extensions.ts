import type { Era } from './bridge.ts';
import { isObject, type JsonObject, type Reply } from './messages.ts';
import { rpcCodes } from './protocol.ts';

/** Work that outlives its request (SEP-2663), in the stateless era; sessions know it in other words, see `tasks.ts`. */
export const tasksExtension = 'io.modelcontextprotocol/tasks';
/** Pages that servers bring for their tools (MCP Apps); they pass through as resources. */
const appsExtension = 'io.modelcontextprotocol/ui';
/** What passes through us as it is; any other may promise what is not relayed. */
const relayed: readonly string[] = [tasksExtension, appsExtension];

/** The extensions among capabilities that are true of the way through the gateway; undefined when there are none. */
export function relayedExtensions(capabilities: JsonObject, era: Era): JsonObject | undefined {
  const declared = isObject(capabilities['extensions']) ? capabilities['extensions'] : {};
  const kept = relayed.filter(
    (name) => isObject(declared[name]) && (name !== tasksExtension || era === 'modern'),
  );
  if (kept.length === 0) return undefined;
  return Object.fromEntries(kept.map((name) => [name, declared[name]]));
}

/**
 * The extensions a server may use in a call: its client's, or tasks for a client of a session, which need not know of
 * them, as we wait for the task in its place.
 */
export function extensionsFor(
  method: string,
  owner: { readonly era: Era; readonly capabilities: JsonObject },
  server: JsonObject | undefined,
): JsonObject | undefined {
  const own = relayedExtensions(owner.capabilities, owner.era);
  const isAboutTasks = method === 'tools/call' || method.startsWith('tasks/');
  if (owner.era === 'modern' || !isAboutTasks) return own;
  const { capabilities } = server ?? {};
  const hasTasks = isObject(capabilities) && knowsTasks(capabilities);
  return hasTasks ? { ...own, [tasksExtension]: {} } : own;
}

/** True when what a server lacks is nothing but extensions that its client could declare, and they would reach it. */
export function isRelayedExtension(required: unknown): boolean {
  if (!isObject(required) || Object.keys(required).join() !== 'extensions') return false;
  const names = isObject(required['extensions']) ? Object.keys(required['extensions']) : [];
  return names.length > 0 && names.every((name) => relayed.includes(name));
}

/** Of several servers' extensions, each once; undefined when there are none. */
export function joinedExtensions(all: readonly (JsonObject | undefined)[]): JsonObject | undefined {
  const joined = Object.assign({}, ...all) as JsonObject;
  return Object.keys(joined).length === 0 ? undefined : joined;
}

/** True for clients that said they know tasks, which they say with every request. */
export function knowsTasks(capabilities: JsonObject): boolean {
  const { extensions } = capabilities;
  return isObject(extensions) && isObject(extensions[tasksExtension]);
}

/** What clients hear that ask about tasks without having said that they know them. */
export const tasksUndeclared: Extract<Reply, { kind: 'error' }> = {
  kind: 'error',
  error: {
    code: rpcCodes.missingCapability,
    message: `The request does not declare the extension ${tasksExtension}`,
    data: { requiredCapabilities: { extensions: { [tasksExtension]: {} } } },
  },
};
