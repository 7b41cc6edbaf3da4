import { isLogLevel } from './log-levels.ts';
import {
  isObject,
  isRequestId,
  type JsonObject,
  type RequestId,
  type RpcError,
} from './messages.ts';
import { legacyVersions, metaKeys, modernVersion, rpcCodes } from './protocol.ts';

/** The headers that repeat parts of a modern request (2026-07-28, HTTP binding). */
export interface MirrorHeaders {
  readonly version: string | undefined;
  readonly method: string | undefined;
  readonly name: string | undefined;
}

/** What a modern POST turned out to be. */
export type Judged =
  | {
      readonly kind: 'request';
      readonly id: RequestId;
      readonly method: string;
      readonly params: JsonObject;
    }
  | { readonly kind: 'notification' }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly id: RequestId | null;
      readonly error: RpcError;
    };

/** The part of `params` that `Mcp-Name` repeats (2026-07-28; the tasks extension). */
const namedBy: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
]);

/** What the `Mcp-Name` header of a message repeats; undefined when it has none. */
export function mirroredName(method: string, params: JsonObject): string | undefined {
  const field = namedBy.get(method);
  const name = field === undefined ? undefined : params[field];
  return typeof name === 'string' ? name : undefined;
}

/** True for requests that must be served statelessly; everything else is a client of a session. */
export function claimsModernEra(message: unknown, headerVersion: string | undefined): boolean {
  if (headerVersion !== undefined && !legacyVersions.includes(headerVersion)) {
    // Before initialize a client cannot know our revisions, so it may name any.
    return !(isObject(message) && message['method'] === 'initialize') || hasModernMeta(message);
  }
  return hasModernMeta(message);
}

function hasModernMeta(message: unknown): boolean {
  const params = isObject(message) ? message['params'] : undefined;
  const meta = isObject(params) ? params['_meta'] : undefined;
  return isObject(meta) && meta[metaKeys.protocolVersion] !== undefined;
}

/** Checks a modern message and its headers, in the order the specification gives the errors. */
export function judgeModern(message: unknown, headers: MirrorHeaders): Judged {
  if (!isObject(message) || message['jsonrpc'] !== '2.0' || typeof message['method'] !== 'string') {
    return refuse(null, rpcCodes.invalidRequest, 'The body must be one JSON-RPC 2.0 request');
  }
  const { id, method } = message as { id: unknown; method: string };
  if (id === undefined) return { kind: 'notification' };
  if (!isRequestId(id)) {
    return refuse(
      null,
      rpcCodes.invalidRequest,
      'A request id is a string, or a number below 2^53',
    );
  }
  const params = isObject(message['params']) ? message['params'] : {};
  const meta = isObject(params['_meta']) ? params['_meta'] : {};
  const version = meta[metaKeys.protocolVersion];
  if (typeof version !== 'string') return lacking(id, metaKeys.protocolVersion);
  if (!isObject(meta[metaKeys.clientCapabilities])) {
    return lacking(id, metaKeys.clientCapabilities);
  }
  const logLevel = meta[metaKeys.logLevel];
  if (logLevel !== undefined && !isLogLevel(logLevel)) {
    return refuse(id, rpcCodes.invalidParams, `"${metaKeys.logLevel}" is no log level`);
  }
  const mismatch = headerMismatch(version, method, params, headers);
  if (mismatch !== undefined) return refuse(id, rpcCodes.headerMismatch, mismatch);
  if (version !== modernVersion) {
    return refuse(id, rpcCodes.versionNotServed, `Protocol version ${version} is not served`, {
      supported: [modernVersion],
      requested: version,
    });
  }
  return { kind: 'request', id, method, params };
}

function headerMismatch(
  version: string,
  method: string,
  params: JsonObject,
  headers: MirrorHeaders,
): string | undefined {
  const name = mirroredName(method, params);
  return (
    mismatch('MCP-Protocol-Version', headers.version, version) ??
    mismatch('Mcp-Method', headers.method, method) ??
    (name === undefined ? undefined : mismatch('Mcp-Name', headers.name, name))
  );
}

function mismatch(header: string, found: string | undefined, needed: string): string | undefined {
  if (found === undefined) return `The ${header} header is missing`;
  return decodeHeaderValue(found) === needed
    ? undefined
    : `The ${header} header differs from the body`;
}

const sentinel = /^=\?base64\?(.*)\?=$/s;
/** Base64 with its padding (RFC 4648, section 4). */
const paddedBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A header value as text: what is not plain ASCII comes as base64 of UTF-8. Undefined when that is malformed. */
export function decodeHeaderValue(value: string): string | undefined {
  const encoded = value.startsWith('=?') ? sentinel.exec(value)?.[1] : undefined;
  if (encoded === undefined) return value;
  if (!paddedBase64.test(encoded)) return undefined;
  try {
    return decodeURIComponent(
      bytesOfBase64(encoded)
        .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
        .join(''),
    );
  } catch {
    // Bytes that are not UTF-8 name nothing.
    return undefined;
  }
}

/** Text as a header value, the other way round. */
export function encodeHeaderValue(text: string): string {
  const isPlain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text) && !sentinel.test(text);
  return isPlain || text === '' ? text : `=?base64?${base64OfText(text)}?=`;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function bytesOfBase64(text: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let bitCount = 0;
  for (const letter of text.replace(/=+$/, '')) {
    bits = ((bits << 6) | alphabet.indexOf(letter)) & 0xffff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    bytes.push((bits >> bitCount) & 0xff);
  }
  return bytes;
}

function base64OfText(text: string): string {
  const bytes: number[] = [];
  for (const part of encodeURIComponent(text).matchAll(/%([0-9A-F]{2})|(.)/g)) {
    const [, hex, letter] = part;
    bytes.push(hex === undefined ? (letter ?? '').charCodeAt(0) : Number.parseInt(hex, 16));
  }
  let encoded = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.slice(at, at + 3);
    const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    encoded += alphabet.charAt(bits >> 18) + alphabet.charAt((bits >> 12) & 63);
    encoded += second === undefined ? '=' : alphabet.charAt((bits >> 6) & 63);
    encoded += third === undefined ? '=' : alphabet.charAt(bits & 63);
  }
  return encoded;
}

function lacking(id: RequestId, key: string): Judged {
  return refuse(id, rpcCodes.invalidParams, `_meta needs "${key}"`);
}

function refuse(
  id: RequestId | null,
  code: number,
  message: string,
  data?: unknown,
): Extract<Judged, { kind: 'refused' }> {
  const error = data === undefined ? { code, message } : { code, message, data };
  return { kind: 'refused', status: 400, id, error };
}
