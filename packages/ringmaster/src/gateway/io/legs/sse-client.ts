import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../clock.ts';
import { errorText, isObject, isRequestId, resultText } from '../../messages.ts';
import { rpcCodes } from '../../protocol.ts';
import { readMessage } from '../../read-message.ts';
import { type View, whatIs } from '../../view.ts';
import { type Bodies, crowded } from '../bodies.ts';
import { isJson, sendError, sendStatus } from '../http.ts';
import { wholeText } from '../kept-text.ts';
import type { Stream, Streams } from '../streams.ts';
import type { Exchange } from './exchange.ts';
import type { LegacyMessages } from './legacy-messages.ts';
import type { Session } from './session.ts';
import type { SessionStreams } from './session-streams.ts';
import type { Sessions } from './sessions.ts';

/** A stream on which no session was begun ends after this long. */
const helloWaitMs = 60_000;
/** Most messages in one batch. */
const batchMax = 100;

/** Serves clients of HTTP+SSE, the transport of 2024-11-05: what they post is answered on the one stream they opened. */
export interface SseClients {
  /** `part` is what the client asked for: its stream, or the place for its messages. */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    view: View,
    part: 'sse' | 'messages',
  ): void;
}

interface Connection {
  readonly view: View;
  readonly stream: Stream;
  /** Undefined until the client has initialized. */
  session: Session | undefined;
}

/** Prepares the leg. The session lives as long as the stream: a new stream is a new session. */
export function createSseClients(needs: {
  readonly clock: Clock;
  readonly streams: Streams;
  readonly sessions: Sessions;
  readonly messages: LegacyMessages;
  /** `listen.legacySse`, as it was when the daemon started. */
  readonly isOn: boolean;
  readonly isServed: (view: View) => boolean;
  readonly maxBodyBytes: () => number;
  readonly bodies: Bodies;
}): SseClients {
  const { clock, sessions, messages } = needs;
  const connections = new Map<string, Connection>();

  function open(response: ServerResponse, view: View): void {
    // It stands in addresses, so it is no session id: those open other doors.
    const id = randomBytes(24).toString('base64url');
    const stream = needs.streams.open(response, {}, () => {
      connections.delete(id);
      if (connection.session !== undefined) sessions.end(connection.session, 'its stream ended');
    });
    const connection: Connection = { view, stream, session: undefined };
    connections.set(id, connection);
    stream.tell('endpoint', `${folderOf(view)}/messages?sessionId=${id}`);
    clock.after(helloWaitMs, () => {
      if (connection.session === undefined) stream.end();
    });
  }

  function receive(
    connection: Connection,
    text: string | undefined,
    response: ServerResponse,
  ): void {
    const read = readMessage(text);
    if (read.refused !== undefined) {
      sendError(response, 400, read.refused.id, read.refused.error);
      return;
    }
    const batch = Array.isArray(read.message) ? read.message : [read.message];
    if (batch.length === 0 || batch.length > batchMax || !batch.every(isObject)) {
      refuse(response, 400, `The body must be one JSON-RPC message, or 1 to ${batchMax} of them`);
      return;
    }
    sendStatus(response, 202);
    for (const message of batch) receiveOne(connection, message);
  }

  function receiveOne(connection: Connection, message: Readonly<Record<string, unknown>>): void {
    const { stream, session, view } = connection;
    const id = isRequestId(message['id']) ? message['id'] : null;
    const refuseHere = (what: string): void =>
      stream.send(errorText(id, { code: rpcCodes.invalidRequest, message: what }));
    if (session !== undefined) {
      messages.receive(session, message, {
        exchange: () => exchangeOn(stream),
        nothing: () => {},
        invalid: refuseHere,
      });
    } else if (message['method'] === 'initialize' && id !== null) {
      const params = isObject(message['params']) ? message['params'] : {};
      messages.initialize(view, params, streamsOf(stream), (opened) => {
        connection.session = opened.session;
        if (stream.isOpen()) stream.send(resultText(id, opened.result));
        else sessions.end(opened.session, 'its stream ended');
      });
    } else if (id !== null) refuseHere('The session has not begun: begin with initialize');
  }

  function post(request: IncomingMessage, response: ServerResponse, view: View): void {
    const id = new URL(request.url ?? '', 'http://localhost').searchParams.get('sessionId');
    const connection = connections.get(id ?? '');
    if (connection === undefined || connection.view.key !== view.key) {
      refuse(response, 404, 'There is no such stream: open one first');
    } else if (!isJson(request.headers['content-type'])) {
      refuse(response, 415, 'The content type must be application/json');
    } else {
      const maxBytes = needs.maxBodyBytes();
      needs.bodies.read({ request, response }, maxBytes, {
        onText: (text) => receive(connection, text, response),
        onTooLarge: () => refuse(response, 413, `The body is larger than ${maxBytes} bytes`),
        onCrowded: () => refuse(response, 503, crowded),
      });
    }
  }

  return {
    handle(request, response, view, part) {
      const wanted = part === 'sse' ? 'GET' : 'POST';
      if (!needs.isOn) refuse(response, 404, offMessage);
      else if (!needs.isServed(view))
        refuse(response, 404, `There is no ${whatIs(view)} in the fleet`);
      else if (request.method !== wanted) {
        const message = `Method ${request.method} is not allowed here`;
        sendError(
          response,
          405,
          null,
          { code: rpcCodes.invalidRequest, message },
          { allow: wanted },
        );
      } else if (part === 'sse') open(response, view);
      else post(request, response, view);
    },
  };
}

const offMessage =
  'HTTP+SSE of 2024-11-05 is not served: set listen.legacySse to true, or use /mcp';

function refuse(response: ServerResponse, status: number, message: string): void {
  sendError(response, status, null, { code: rpcCodes.invalidRequest, message });
}

/** Where the endpoints of a view are; the same as of its `/mcp`. */
function folderOf(view: View): string {
  if (view.kind === 'all') return '';
  return view.kind === 'server'
    ? `/servers/${encodeURIComponent(view.server)}`
    : `/views/${encodeURIComponent(view.name)}`;
}

function exchangeOn(stream: Stream): Exchange {
  return {
    mayStream: true,
    deliver: (text) => stream.send(wholeText(text)),
    notify(text) {
      stream.send(text);
      return stream.isOpen();
    },
    abandon: () => {},
    linger: () => {},
  };
}

/** The one stream carries everything, and nothing takes it up again. */
function streamsOf(stream: Stream): SessionStreams {
  const onlyOne = (): never => {
    throw new Error('A session of HTTP+SSE has one stream, which it has already');
  };
  return {
    exchange: () => exchangeOn(stream),
    ...{ restored: onlyOne, listen: onlyOne, resume: onlyOne },
    send(text) {
      stream.send(text);
      return stream.isOpen();
    },
    isOpen: stream.isOpen,
    expire: () => {},
    end: stream.end,
  };
}
