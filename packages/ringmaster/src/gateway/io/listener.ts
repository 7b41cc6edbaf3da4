import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../clock.ts';
import { Problem } from '../../errors.ts';
import { isAllowedHost, isAllowedOrigin } from '../host-check.ts';
import { rpcCodes } from '../protocol.ts';
import { endpointAtPath, type View, wholeFleet } from '../view.ts';
import { sendError } from './http.ts';
import { guardReaders } from './reader-guard.ts';

/** Who answers what; called only for requests from this machine, but for `refuse`. */
export interface ListenerHandlers {
  mcp(request: IncomingMessage, response: ServerResponse, view: View): void;
  /** The transport of 2024-11-05: its stream, or the place for messages. */
  sse(
    request: IncomingMessage,
    response: ServerResponse,
    view: View,
    part: 'sse' | 'messages',
  ): void;
  /** Everything that is not MCP; `url` is its path with the query string. */
  others(request: IncomingMessage, response: ServerResponse, url: string): void;
  /** Tells who is not of this machine that nothing is done, where that is not MCP. */
  refuse(response: ServerResponse, problem: Problem): void;
}

/** An open port. */
export interface Listener {
  /** Origin of every door, by a name its own checks allow. */
  readonly url: string;
  /** The real one, also when 0 was asked for. */
  readonly port: number;
  /** Takes no new connections, ends idle ones at once and the others after their answer. */
  close(): Promise<void>;
}

/** Time a client has to send its headers, and the whole of its request. */
const headersTimeoutMs = 20_000;
const requestTimeoutMs = 120_000;
/** Longer than clients keep idle connections, so that they, not we, choose when to close one. */
const keepAliveTimeoutMs = 75_000;
/** Answers still being written when closing get this long. */
const closeGraceMs = 2_000;
const connectionsMax = 10_000;

/** Listens on one port for every door; refuses foreign Host and Origin headers before anything else is looked at. */
export async function createListener(needs: {
  readonly host: string;
  readonly port: number;
  readonly handlers: ListenerHandlers;
  /** Who listens on a port, if that can be told. */
  readonly holderOf: (port: number) => { readonly pid: number } | undefined;
  readonly clock: Clock;
  /** A client was cut off that does not read what it asked for. */
  readonly onCut: (unreadBytes: number, why: string) => void;
}): Promise<Listener> {
  const { handlers } = needs;
  const listening = { host: needs.host, port: needs.port };
  const knownHosts = new Set<string>();

  function isFromHere(request: IncomingMessage): boolean {
    const host = request.headers.host;
    if (host === undefined || !knownHosts.has(host)) {
      if (!isAllowedHost(host, listening)) return false;
      // Only a few spellings pass the check, so this stays small.
      knownHosts.add(host as string);
    }
    return isAllowedOrigin(request.headers.origin, listening.host);
  }

  function route(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '/';
    const isHere = isFromHere(request);
    if (url === '/mcp' && isHere) {
      handlers.mcp(request, response, wholeFleet);
      return;
    }
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const at = endpointAtPath(path);
    if (!isHere && at === undefined) handlers.refuse(response, foreign);
    else if (!isHere)
      sendError(response, 403, null, { code: rpcCodes.invalidRequest, message: foreignMessage });
    else if (at === undefined) handlers.others(request, response, url);
    else if (at.part === 'mcp') handlers.mcp(request, response, at.view);
    else handlers.sse(request, response, at.view, at.part);
  }

  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      noDelay: true,
      // Of a doubled Host or Content-Type the first would count, and the rest vanish unseen.
      joinDuplicateHeaders: true,
    },
    route,
  );
  server.maxConnections = connectionsMax;
  guardReaders(server, needs);
  await listen(server, needs);
  listening.port = (server.address() as AddressInfo).port;
  return { url: urlOf(listening), port: listening.port, close: () => close(server, needs.clock) };
}

const foreign = new Problem('forbidden_origin', 'The Host or Origin header is not of this machine');
const foreignMessage = `${foreign.message}; ${foreign.row.hint}`;

function urlOf(listening: { readonly host: string; readonly port: number }): string {
  const { host, port } = listening;
  const isEvery = host === '0.0.0.0' || host === '::';
  const name = isEvery ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

function listen(
  server: Server,
  needs: Pick<Parameters<typeof createListener>[0], 'host' | 'port' | 'holderOf'>,
): Promise<void> {
  const { host, port, holderOf } = needs;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? portInUse(port, holderOf(port)?.pid, error)
          : cannotListen(host, port, error),
      );
    });
    server.listen(port, host, resolve);
  });
}

function portInUse(port: number, pid: number | undefined, cause: Error): Problem {
  const holder = pid === undefined ? 'another process' : `process ${pid}`;
  return new Problem('port_in_use', `Cannot listen on port ${port}: ${holder} holds it`, {
    cause,
    details: { port, ...(pid === undefined ? {} : { pid }) },
  });
}

function cannotListen(host: string, port: number, cause: Error): Problem {
  return new Problem('bad_request', `Cannot listen on ${host} port ${port}`, { cause });
}

function close(server: Server, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const unforce = clock.after(closeGraceMs, () => server.closeAllConnections());
    server.close(() => {
      unforce();
      resolve();
    });
    server.closeIdleConnections();
  });
}
