import { encodeHeaderValue, mirroredName } from './envelope.ts';
import { isObject, isRequestId, type RequestId } from './messages.ts';
import { metaKeys } from './protocol.ts';

/** One line of a stdio client, and what must be known to carry it over HTTP. */
export interface Frame {
  readonly text: string;
  /** Of the requests in it: those expect replies. */
  readonly ids: readonly RequestId[];
  /** Of a single message; undefined for batches and replies. */
  readonly method: string | undefined;
  /** The revision its `_meta` names, which makes it stateless; undefined for a session's message. */
  readonly modernVersion: string | undefined;
  /** What the Mcp-Name header repeats. */
  readonly name: string | undefined;
  /** The request it takes back. */
  readonly cancels: RequestId | undefined;
}

/** Undefined when the line is not JSON. */
export function frameOf(text: string): Frame | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    // The client is told so; there is nothing to carry.
    return undefined;
  }
  const all = Array.isArray(message) ? message : [message];
  const ids = all.filter((one) => isObject(one) && typeof one['method'] === 'string');
  const single = isObject(message) ? message : {};
  const params = isObject(single['params']) ? single['params'] : {};
  const meta = isObject(params['_meta']) ? params['_meta'] : {};
  const version = meta[metaKeys.protocolVersion];
  const method = single['method'];
  return {
    text,
    ids: ids.map((one) => one.id).filter(isRequestId),
    method: typeof method === 'string' ? method : undefined,
    modernVersion: typeof version === 'string' ? version : undefined,
    name: typeof method === 'string' ? mirroredName(method, params) : undefined,
    cancels: method === 'notifications/cancelled' ? idIn(params['requestId']) : undefined,
  };
}

/**
 * Marks a message that came over stdio, where nothing is repeated in headers: `Mcp-Param-…` is then not looked for. The
 * client knows no schemas; the check protects those between us and a client, and here nobody is. Its value names the
 * connection, so that a stateless client on stdio is told apart from others, as one with a session is. Who carries can
 * take up any stream, whatever the revision of the client.
 */
export const carriedHeader = 'ringmaster-carried';

/** The client at the other end of a carried connection; undefined for what no connection is named. */
export function carriedClient(value: unknown): string | undefined {
  return typeof value === 'string' && /^stdio-[0-9a-f-]{36}$/.test(value) ? value : undefined;
}

/** The headers of the POST that carries a frame: of its session, or, stateless, repeating what it says. */
export function headersOfFrame(
  frame: Frame,
  from: {
    /** Of the connection; see `carriedHeader`. */
    readonly carried: string;
    readonly session: { readonly id: string; readonly version: string } | undefined;
  },
): Record<string, string> {
  const { carried, session } = from;
  if (frame.modernVersion !== undefined) {
    return {
      'mcp-protocol-version': frame.modernVersion,
      'mcp-method': frame.method ?? '',
      [carriedHeader]: carried,
      ...(frame.name === undefined ? {} : { 'mcp-name': encodeHeaderValue(frame.name) }),
    };
  }
  if (session === undefined || frame.method === 'initialize') return {};
  return {
    ...{ 'mcp-session-id': session.id, 'mcp-protocol-version': session.version },
    [carriedHeader]: carried,
  };
}

function idIn(value: unknown): RequestId | undefined {
  return isRequestId(value) ? value : undefined;
}
