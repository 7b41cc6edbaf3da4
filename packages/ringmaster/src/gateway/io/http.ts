import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorText, type RequestId, type RpcError } from '../messages.ts';
import type { Spliced } from './kept-text.ts';

/** Answers with JSON text; does nothing when the client has left. */
export function sendJson(
  response: ServerResponse,
  status: number,
  text: string | Spliced,
  headers?: Readonly<Record<string, string>>,
): void {
  if (response.headersSent || response.destroyed) return;
  const sizeBytes = sizeOf(text);
  if (headers === undefined) {
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': sizeBytes });
  } else {
    const own = { 'content-type': 'application/json', 'content-length': sizeBytes };
    response.writeHead(status, { ...own, ...headers });
  }
  if (typeof text === 'string') response.end(text);
  else {
    // The kept bytes go out as they are, in one write with what stands around them.
    response.cork();
    response.write(text.before);
    response.write(text.kept.bytes());
    response.end(text.after);
  }
}

function sizeOf(text: string | Spliced): number {
  if (typeof text === 'string') return Buffer.byteLength(text);
  const { before, kept, after } = text;
  return Buffer.byteLength(before) + kept.bytes().length + Buffer.byteLength(after);
}

/** Answers with a JSON-RPC error. */
export function sendError(
  response: ServerResponse,
  status: number,
  id: RequestId | null,
  error: RpcError,
  headers?: Readonly<Record<string, string>>,
): void {
  sendJson(response, status, errorText(id, error), headers);
}

/** Answers without a body. */
export function sendStatus(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-length': '0', ...headers }).end();
}

/** Media types have no case, and may carry parameters (RFC 9110, 8.3.1). */
export function isJson(contentType: string | undefined): boolean {
  if (contentType === 'application/json') return true;
  return contentType !== undefined && /^application\/json\s*(;|$)/i.test(contentType);
}

/** The one value of a header; undefined when it is missing or empty. */
export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * The value of a header that must be there once: what was sent twice is a value that equals nothing, as whoever stands
 * between may have looked at either.
 */
export function onlyHeader(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  if (typeof value !== 'string') return undefined;
  const isRepeated = value.includes(',') && (request.headersDistinct[name]?.length ?? 0) > 1;
  return isRepeated ? '\n' : value;
}

/**
 * Reads a body as UTF-8 text. Over `maxBytes`, `onTooLarge` is called instead, and the rest is read and thrown away so
 * that the answer gets through and the connection stays usable. The text is undefined when the bytes are not UTF-8: put
 * right silently, they would reach a server as other words than the client's.
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  onText: (text: string | undefined) => void,
  onTooLarge: () => void,
): void {
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let sizeBytes = 0;
  let isTooLarge = Number(request.headers['content-length'] ?? 0) > maxBytes;
  if (isTooLarge) onTooLarge();
  request.on('data', (chunk: Buffer) => {
    if (isTooLarge) return;
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) {
      isTooLarge = true;
      first = undefined;
      more = undefined;
      onTooLarge();
    } else if (first === undefined) first = chunk;
    else if (more === undefined) more = [first, chunk];
    else more.push(chunk);
  });
  request.on('end', () => {
    if (isTooLarge) return;
    if (more !== undefined) onText(textOf(Buffer.concat(more, sizeBytes)));
    else onText(first === undefined ? '' : textOf(first));
  });
  // A client that breaks off in mid-body gets no answer; the socket's own end cleans up.
  request.on('error', () => {});
}

function textOf(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  // The replacement character may also be meant; looking for it spares all other bodies a second reading.
  return text.includes('\ufffd') && !isUtf8(bytes) ? undefined : text;
}
