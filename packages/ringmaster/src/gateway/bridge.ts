import { isObject, type JsonObject, type Reply, type RpcError, refused } from './messages.ts';
import { metaKeys, newestLegacyVersion, rpcCodes } from './protocol.ts';
import { type TraceRules, withTrace } from './trace.ts';

/** Which of the two families of revisions a side speaks: with a handshake, or stateless. */
export type Era = 'legacy' | 'modern';

/** Who we are: sent to servers as the client, and to clients as the server. */
export interface Identity {
  readonly name: string;
  readonly title?: string;
  readonly version: string;
}

/** Methods whose complete results must carry cache hints in the modern era (2026-07-28, caching). */
const hintedMethods: ReadonlySet<string> = new Set([
  'server/discover',
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'prompts/list',
  'resources/read',
]);

/**
 * A client's params as the server's era wants them: `arguments` is never missing (servers of the first SDK refuse
 * that), the progress token is ours, the envelope of the modern era is added or taken away; all else is kept.
 */
export function paramsForServer(
  params: JsonObject,
  how: {
    readonly method: string;
    readonly era: Era;
    readonly protocolVersion: string;
    readonly progressToken: number | undefined;
    readonly identity: Identity;
    /** Those of the client that a stateless server may use; others are not told. */
    readonly capabilities: () => JsonObject;
    /** What log messages the caller hears, for stateless servers; undefined for none. */
    readonly logLevel: string | undefined;
    /** A trace is begun for stateless servers only: older ones do not know what it is. */
    readonly trace: TraceRules;
  },
): JsonObject {
  const asked = how.era === 'legacy' ? withoutAnswers(params) : params;
  const isBare = how.method === 'tools/call' && asked['arguments'] === undefined;
  const completed = isBare ? { ...asked, arguments: {} } : asked;
  const given = completed['_meta'];
  if (given === undefined && how.era === 'legacy' && how.progressToken === undefined) {
    return completed;
  }
  const start = how.era === 'modern' ? how.trace.start : undefined;
  const traced = withTrace(isObject(given) ? given : {}, { ...how.trace, start });
  const meta = withoutEnvelope(traced);
  if (how.progressToken !== undefined) meta['progressToken'] = how.progressToken;
  if (how.era === 'modern') {
    Object.assign(meta, envelope(how.protocolVersion, how.identity, how.capabilities()));
    if (how.logLevel !== undefined) meta[metaKeys.logLevel] = how.logLevel;
  }
  if (Object.keys(meta).length > 0) return { ...completed, _meta: meta };
  const { _meta: _dropped, ...rest } = completed;
  return rest;
}

/** A copy without what belongs to one hop: the envelope, and the token of progress. */
function withoutEnvelope(meta: JsonObject): Record<string, unknown> {
  // Most clients send nothing else, and leaving keys out is slow.
  if (Object.keys(meta).every((key) => keysOfOneHop.has(key))) return {};
  const {
    [metaKeys.protocolVersion]: _version,
    [metaKeys.clientCapabilities]: _capabilities,
    [metaKeys.clientInfo]: _info,
    [metaKeys.logLevel]: _level,
    progressToken: _token,
    ...kept
  } = meta;
  return kept;
}

const keysOfOneHop: ReadonlySet<string> = new Set([
  metaKeys.protocolVersion,
  metaKeys.clientCapabilities,
  metaKeys.clientInfo,
  metaKeys.logLevel,
  'progressToken',
]);

/** Answers to questions travel in their own replies where there is a handshake. */
function withoutAnswers(params: JsonObject): JsonObject {
  if (params['inputResponses'] === undefined && params['requestState'] === undefined) return params;
  const { inputResponses: _given, requestState: _state, ...asked } = params;
  return asked;
}

/** The `_meta` every request to a modern server carries; requests of our own offer no capabilities. */
export function envelope(
  protocolVersion: string,
  identity: Identity,
  capabilities: JsonObject = {},
): JsonObject {
  return {
    [metaKeys.protocolVersion]: protocolVersion,
    [metaKeys.clientInfo]: identity,
    [metaKeys.clientCapabilities]: capabilities,
  };
}

/** The params of `initialize`: the newest revision with a handshake is asked for, unless one was agreed before. */
export function greeting(how: {
  readonly identity: Identity;
  readonly capabilities: JsonObject;
  readonly protocolVersion?: string | undefined;
}): JsonObject {
  const { identity: clientInfo, capabilities, protocolVersion = newestLegacyVersion } = how;
  return { protocolVersion, capabilities, clientInfo };
}

/** A server's reply in the words of the client's era; the very same object when nothing differs. */
export function replyForClient(
  reply: Reply,
  how: {
    readonly method: string;
    readonly server: string;
    readonly clientEra: Era;
    readonly serverEra: Era;
    readonly serverInfo: JsonObject;
    readonly renamedUris: ReadonlyMap<string, string> | undefined;
  },
): Reply {
  if (reply.kind === 'error') {
    const error = errorForClient(reply.error, how);
    return error === reply.error ? reply : { kind: 'error', error };
  }
  const kind = reply.result['resultType'];
  const isKnown =
    kind === undefined ||
    kind === 'complete' ||
    kind === 'input_required' ||
    (kind === 'task' && how.clientEra === 'modern' && how.method === 'tools/call');
  if (how.serverEra === 'modern' && !isKnown) return strangeResult(how, kind);
  const named =
    how.renamedUris === undefined ? reply.result : withRenamedUris(reply.result, how.renamedUris);
  const result =
    how.clientEra === 'modern'
      ? modernResult(named, how.method, how.serverInfo)
      : how.serverEra === 'modern'
        ? legacyResult(named)
        : named;
  return result === reply.result ? reply : { kind: 'result', result };
}

/** A result of the modern era: kind, cache hints where they are due, and who answered. */
export function modernResult(
  result: JsonObject,
  method: string,
  serverInfo: JsonObject,
): JsonObject {
  const meta = isObject(result['_meta']) ? result['_meta'] : {};
  const hints =
    hintedMethods.has(method) && result['ttlMs'] === undefined
      ? { ttlMs: 0, cacheScope: 'private' }
      : {};
  return {
    resultType: 'complete',
    ...result,
    ...hints,
    _meta: { ...meta, [metaKeys.serverInfo]: serverInfo },
  };
}

/**
 * What `modernResult` adds to the result of an older server, as JSON text of its first and last members; undefined when
 * it does more than add.
 */
export function modernMembers(
  result: JsonObject,
  method: string,
  serverInfo: JsonObject,
): { readonly first: string; readonly last: string } | undefined {
  const isPlain = result['_meta'] === undefined && result['resultType'] === undefined;
  if (!isPlain || hintedMethods.has(method)) return undefined;
  return { first: '"resultType":"complete"', last: `"_meta":${infoText(serverInfo)}` };
}

function infoText(serverInfo: JsonObject): string {
  let text = infoTexts.get(serverInfo);
  if (text === undefined) {
    text = JSON.stringify({ [metaKeys.serverInfo]: serverInfo });
    infoTexts.set(serverInfo, text);
  }
  return text;
}

const infoTexts = new WeakMap<JsonObject, string>();

function legacyResult(result: JsonObject): JsonObject {
  const { resultType: _type, ttlMs: _ttl, cacheScope: _scope, _meta: meta, ...rest } = result;
  if (!isObject(meta)) return rest;
  const { [metaKeys.serverInfo]: _info, ...kept } = meta;
  return Object.keys(kept).length > 0 ? { ...rest, _meta: kept } : rest;
}

function errorForClient(
  error: RpcError,
  how: {
    readonly method: string;
    readonly server: string;
    readonly clientEra: Era;
    readonly serverEra: Era;
  },
): RpcError {
  if (how.method === 'resources/read') {
    // The same fact has another number in each era.
    const { resourceNotFound, invalidParams } = rpcCodes;
    if (how.clientEra === 'modern' && error.code === resourceNotFound) {
      return { ...error, code: invalidParams };
    }
    if (how.clientEra === 'legacy' && how.serverEra === 'modern' && error.code === invalidParams) {
      return { ...error, code: resourceNotFound };
    }
  }
  const aboutOtherHop =
    error.code === rpcCodes.headerMismatch || error.code === rpcCodes.versionNotServed;
  if (!aboutOtherHop) return error;
  return {
    code: rpcCodes.internal,
    message: `Server "${how.server}" needs something the gateway does not relay: ${error.message}`,
    data: { server: how.server, code: error.code },
  };
}

/** A kind of result that extensions add, and nobody declared. */
function strangeResult(
  how: { readonly method: string; readonly server: string },
  kind: unknown,
): Reply {
  const what = JSON.stringify(kind).slice(0, 100);
  const message = `Server "${how.server}" answered with a kind of result nobody asked for: ${what}`;
  if (how.method !== 'tools/call') return refused(rpcCodes.internal, message);
  return {
    kind: 'result',
    result: { content: [{ type: 'text', text: message }], isError: true },
  };
}

/** Renames URIs wherever results carry them: read contents, links, embedded resources, tool UI. */
function withRenamedUris(
  result: JsonObject,
  renamed: ReadonlyMap<string, string>,
  depthMax = 8,
): JsonObject {
  // What holds no such URI stays the very same object: its exact text is known by it.
  const change = (value: unknown, depth: number): unknown => {
    if (depth > depthMax || typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const items = value.map((one) => change(one, depth + 1));
      return items.some((one, at) => one !== value[at]) ? items : value;
    }
    const members = Object.entries(value).map(([key, one]) => {
      const isUri = (key === 'uri' || key === 'resourceUri') && typeof one === 'string';
      return [key, isUri ? (renamed.get(one) ?? one) : change(one, depth + 1), one] as const;
    });
    const isSame = members.every(([, now, before]) => now === before);
    return isSame ? value : Object.fromEntries(members);
  };
  const { structuredContent, ...rest } = result;
  const changed = change(rest, 0) as JsonObject;
  // Structured content has the server's own schema: what looks like our field may not be one.
  return structuredContent === undefined ? changed : { ...changed, structuredContent };
}
