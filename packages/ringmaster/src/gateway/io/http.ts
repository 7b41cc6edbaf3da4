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

/** True for server-sent events, by the same rule. */
export function isEventStream(contentType: string | undefined): boolean {
  return contentType !== undefined && /^text\/event-stream\s*(;|$)/i.test(contentType);
}

/** The one value of a header; undefined when it is missing or empty. */
export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whether the client says that it reads streams; media types have no case. */
export function readsStreams(request: IncomingMessage): boolean {
  return header(request, 'accept')?.toLowerCase().includes('text/event-stream') === true;
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
