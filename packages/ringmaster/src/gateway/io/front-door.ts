import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AmbiguousKey, ambiguousKey } from '../ambiguous-keys.ts';
import { claimsModernEra } from '../envelope.ts';
import { keepExactNumbers } from '../exact-numbers.ts';
import { isObject, isRequestId } from '../messages.ts';
import { modernVersion, rpcCodes } from '../protocol.ts';
import { withHeaderTrace } from '../trace.ts';
import { type View, whatIs } from '../view.ts';
import { type Bodies, crowded } from './bodies.ts';
import { header, isJson, sendError } from './http.ts';
import type { LegacyClients } from './legs/legacy-client.ts';
import type { ModernClients } from './legs/modern-client.ts';

/** Looks at an MCP request just long enough to know its era, and hands it to the right leg. */
export function createFrontDoor(needs: {
  readonly legacy: LegacyClients;
  readonly modern: ModernClients;
  readonly bodies: Bodies;
  readonly isServed: (view: View) => boolean;
  readonly maxBodyBytes: () => number;
}): (request: IncomingMessage, response: ServerResponse, view: View) => void {
  const { legacy, modern } = needs;

  function receive(
    request: IncomingMessage,
    response: ServerResponse,
    view: View,
    text: string,
  ): void {
    const sent = messageIn(text, response);
    if (sent === undefined) return;
    if (isObject(sent)) keepExactNumbers(text, sent, 'params');
    const message = withHeaderTrace(sent, request.headers);
    if (claimsModernEra(message, header(request, 'mcp-protocol-version'))) {
      modern.post(request, response, view, message);
    } else legacy.post(request, response, view, message);
  }

  function refuseUnknown(request: IncomingMessage, response: ServerResponse, view: View): void {
    const message = `There is no ${whatIs(view)} in the fleet`;
    const error = { code: rpcCodes.invalidParams, message };
    const refuseAll = (): void => sendError(response, 404, null, error);
    if (request.method !== 'POST') {
      refuseAll();
      return;
    }
    needs.bodies.read(request, needs.maxBodyBytes(), {
      onText: (text) => sendError(response, 404, idIn(text), error),
      onTooLarge: refuseAll,
      onCrowded: refuseAll,
    });
  }

  return (request, response, view) => {
    if (!needs.isServed(view)) {
      refuseUnknown(request, response, view);
      return;
    }
    if (request.method === 'POST') {
      if (!isJson(header(request, 'content-type'))) {
        refuse(response, 415, 'The content type must be application/json');
        return;
      }
      const coding = header(request, 'content-encoding');
      if (coding !== undefined && coding.toLowerCase() !== 'identity') {
        refuse(response, 415, codedBody, { 'accept-encoding': 'identity' });
        return;
      }
      const maxBytes = needs.maxBodyBytes();
      needs.bodies.read(request, maxBytes, {
        onText(text) {
          if (text !== undefined) receive(request, response, view, text);
          else sendError(response, 400, null, notUtf8);
        },
        onTooLarge: () => refuse(response, 413, `The body is larger than ${maxBytes} bytes`),
        onCrowded: () => refuse(response, 503, crowded, { connection: 'close' }),
      });
      return;
    }
    const isModern = header(request, 'mcp-protocol-version') === modernVersion;
    if (!isModern && request.method === 'GET') legacy.get(request, response, view);
    else if (!isModern && request.method === 'DELETE') legacy.delete(request, response, view);
    else refuseMethod(request, response, isModern ? 'POST' : 'GET, POST, DELETE');
  };
}

/** The body as JSON, however wrong as a message; undefined when it is refused. */
function messageIn(text: string, response: ServerResponse): unknown {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    // What does not parse is told to the client, whose mistake it is.
    sendError(response, 400, null, notJson);
    return undefined;
  }
  const ambiguous = ambiguousKey(text);
  if (ambiguous === undefined) return message;
  const error = { code: rpcCodes.invalidRequest, message: ambiguityOf(ambiguous) };
  sendError(response, 400, idOf(message), error);
  return undefined;
}

function refuseMethod(request: IncomingMessage, response: ServerResponse, allow: string): void {
  const message = `Method ${request.method} is not allowed here`;
  sendError(response, 405, null, { code: rpcCodes.invalidRequest, message }, { allow });
}

const notUtf8 = { code: rpcCodes.parseError, message: 'The body is not UTF-8' };
const notJson = { code: rpcCodes.parseError, message: 'The body is not JSON' };

function ambiguityOf({ key, why }: AmbiguousKey): string {
  const name = JSON.stringify(key.slice(0, 100));
  return why === 'twice'
    ? `The key ${name} stands twice in one object of the body, where it may stand once`
    : `The key ${name} is a word of the protocol in other letters, which servers may take for it`;
}

/** Whoever refuses a coding names those it takes (RFC 9110, 12.5.3). */
const codedBody = 'The body is compressed (Content-Encoding); send it as it is';

function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers?: Readonly<Record<string, string>>,
): void {
  sendError(response, status, null, { code: rpcCodes.invalidRequest, message }, headers);
}

function idIn(text: string | undefined): string | number | null {
  try {
    const message: unknown = JSON.parse(text ?? '');
    return idOf(message);
  } catch {
    // The answer is 404 whatever the body holds.
    return null;
  }
}

function idOf(message: unknown): string | number | null {
  return isObject(message) && isRequestId(message['id']) ? message['id'] : null;
}
