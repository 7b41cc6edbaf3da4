import type { IncomingMessage, ServerResponse } from 'node:http';
import { claimsModernEra } from '../envelope.ts';
import { modernVersion, rpcCodes } from '../protocol.ts';
import { idIn, readMessage } from '../read-message.ts';
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
    text: string | undefined,
  ): void {
    const read = readMessage(text);
    if (read.refused !== undefined) {
      sendError(response, 400, read.refused.id, read.refused.error);
      return;
    }
    const message = withHeaderTrace(read.message, request.headers);
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
    needs.bodies.read({ request, response }, needs.maxBodyBytes(), {
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
      needs.bodies.read({ request, response }, maxBytes, {
        onText: (text) => receive(request, response, view, text),
        onTooLarge: () => refuse(response, 413, `The body is larger than ${maxBytes} bytes`),
        onCrowded: () => refuse(response, 503, crowded),
      });
      return;
    }
    const isModern = header(request, 'mcp-protocol-version') === modernVersion;
    if (!isModern && request.method === 'GET') legacy.get(request, response, view);
    else if (!isModern && request.method === 'DELETE') legacy.delete(request, response, view);
    else refuseMethod(request, response, isModern ? 'POST' : 'GET, POST, DELETE');
  };
}

function refuseMethod(request: IncomingMessage, response: ServerResponse, allow: string): void {
  const message = `Method ${request.method} is not allowed here`;
  sendError(response, 405, null, { code: rpcCodes.invalidRequest, message }, { allow });
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
