import type { Identity } from './bridge.ts';
import { joinedExtensions, relayedExtensions, tasksExtension } from './extensions.ts';
import { cleanInstructions, joinInstructions } from './instructions.ts';
import { isObject, type JsonObject } from './messages.ts';
import { metaKeys } from './protocol.ts';
import { makesSessionTasks } from './tasks.ts';

/** What an endpoint says about itself before the first request. */
export interface Introduction {
  readonly capabilities: JsonObject;
  readonly instructions: string | undefined;
  readonly serverInfo: JsonObject;
}

/** What a server said about itself in the handshake. */
export interface Introduced {
  readonly server: string;
  /** Its InitializeResult or DiscoverResult. */
  readonly result: JsonObject;
}

/**
 * The endpoint of all servers, or of a view, which may have instructions of its own: it offers everything the gateway
 * relays however few servers are up now, because a session's capabilities cannot grow later.
 */
export function introduceAll(
  servers: readonly Introduced[],
  identity: Identity,
  instructions?: string,
): Introduction {
  const parts = servers.map(({ server, result }) => ({ server, text: textOf(result) }));
  return {
    capabilities: {
      tools: { listChanged: true },
      resources: { subscribe: true, listChanged: true },
      prompts: { listChanged: true },
      completions: {},
      logging: {},
      ...extensionsOf(servers.map(({ result }) => result)),
    },
    instructions: instructions ?? joinInstructions(parts),
    serverInfo: { ...identity },
  };
}

/** The endpoint of one server: what that server offers, of what the gateway relays. */
export function introduceOne(introduced: Introduced, identity: Identity): Introduction {
  const { result } = introduced;
  const offered = isObject(result['capabilities']) ? result['capabilities'] : {};
  const capabilities: Record<string, JsonObject> = {};
  for (const name of ['tools', 'resources', 'prompts']) {
    const one = offered[name];
    if (!isObject(one)) continue;
    const tells = name === 'resources' && one['subscribe'] === true ? { subscribe: true } : {};
    capabilities[name] = { ...tells, listChanged: true };
  }
  for (const name of ['completions', 'logging']) {
    if (isObject(offered[name])) capabilities[name] = {};
  }
  Object.assign(capabilities, extensionsOf([result]));
  const text = textOf(result);
  return {
    capabilities,
    instructions: cleanInstructions(text),
    serverInfo: serverInfoOf(result) ?? { ...identity },
  };
}

function extensionsOf(results: readonly JsonObject[]): { readonly extensions?: JsonObject } {
  const extensions = joinedExtensions(
    results.map((result) => {
      const offered = isObject(result['capabilities']) ? result['capabilities'] : {};
      const own = relayedExtensions(offered, 'supportedVersions' in result ? 'modern' : 'legacy');
      return makesSessionTasks(result) ? { ...own, [tasksExtension]: {} } : own;
    }),
  );
  return extensions === undefined ? {} : { extensions };
}

/** The name a server gave itself in its InitializeResult or DiscoverResult. */
export function serverInfoOf(result: JsonObject): JsonObject | undefined {
  const meta = isObject(result['_meta']) ? result['_meta'] : {};
  const info = result['serverInfo'] ?? meta[metaKeys.serverInfo];
  return isObject(info) ? info : undefined;
}

function textOf(result: JsonObject): string {
  return typeof result['instructions'] === 'string' ? result['instructions'] : '';
}
