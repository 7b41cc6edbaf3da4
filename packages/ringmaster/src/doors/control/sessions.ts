import {
  isInitializeRequest,
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { Cancel, Clock } from '../../clock.ts';

/** Sessions of clients of the 2025 era at one time; the one that was quiet longest makes room. */
const sessionsMax = 100;
/** A session nobody asked anything of, with no stream open, ends after 30 minutes. */
const idleMs = 1_800_000;
/** How often idle sessions are looked for. */
const sweepMs = 60_000;

/** JSON-RPC error of the session that is not (or no longer) known, as the official SDK numbers it. */
const sessionNotFound = -32_001;
/** JSON-RPC error of a server that takes no more sessions. */
const noRoom = -32_000;

/** A session: the server of one client, and its way there. */
interface Session {
  readonly server: Server;
  readonly transport: WebStandardStreamableHTTPServerTransport;
  /** Called once, when it ends. */
  readonly onEnd: () => void;
  /** Requests and streams that are open now. */
  open: number;
  lastUsedTickMs: number;
}

/** Sessions of the 2025 era. */
export interface Sessions {
  /** Answers what belongs to a session or begins one; undefined for everything else. */
  answer(request: Request, message: unknown): Promise<Response> | undefined;
  /** The servers of all sessions, to tell them news. */
  servers(): readonly Server[];
  close(): void;
}

/** No session yet. `serve` makes the server of one session, and what is to be done when it ends. */
export function createSessions(needs: {
  readonly clock: Pick<Clock, 'after' | 'tickMs'>;
  newId(): string;
  serve(): { readonly server: Server; onEnd(): void };
}): Sessions {
  const { clock } = needs;
  const sessions = new Map<string, Session>();
  /** Handshakes that are being answered: each may become a session. */
  let beginning = 0;
  let cancelSweep: Cancel | undefined;

  function sweepLater(): void {
    if (sessions.size === 0) return;
    cancelSweep ??= clock.after(sweepMs, () => {
      cancelSweep = undefined;
      for (const [id, { open, lastUsedTickMs }] of sessions)
        if (open === 0 && clock.tickMs() - lastUsedTickMs >= idleMs) end(id);
      sweepLater();
    });
  }

  function end(id: string): void {
    const session = sessions.get(id);
    if (session === undefined) return;
    sessions.delete(id);
    session.onEnd();
    void session.server.close();
  }

  /** False when every session is in use. */
  function makeRoom(): boolean {
    if (sessions.size + beginning < sessionsMax) return true;
    const idle = [...sessions].filter(([, { open }]) => open === 0);
    const [quietest] = idle.sort(([, one], [, two]) => one.lastUsedTickMs - two.lastUsedTickMs);
    if (quietest === undefined) return false;
    end(quietest[0]);
    return true;
  }

  async function begin(request: Request, message: unknown): Promise<Response> {
    if (!makeRoom()) return refuse(503, noRoom, `All ${sessionsMax} sessions are in use`);
    const { server, onEnd } = needs.serve();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: needs.newId,
      onsessioninitialized: (id) => void sessions.set(id, session),
      onsessionclosed: end,
    });
    const session: Session = {
      ...{ server, transport, onEnd },
      ...{ open: 0, lastUsedTickMs: clock.tickMs() },
    };
    beginning += 1;
    try {
      await server.connect(transport);
      return await through(session, request, message);
    } finally {
      beginning -= 1;
      // A handshake that was refused began no session.
      if (transport.sessionId === undefined || !sessions.has(transport.sessionId)) onEnd();
      sweepLater();
    }
  }

  function through(session: Session, request: Request, message: unknown): Promise<Response> {
    session.open += 1;
    session.lastUsedTickMs = clock.tickMs();
    // The door aborts it when the response is over, whichever way.
    request.signal.addEventListener(
      'abort',
      () => {
        session.open -= 1;
        session.lastUsedTickMs = clock.tickMs();
      },
      { once: true },
    );
    const parsedBody = message === undefined ? {} : { parsedBody: message };
    return session.transport.handleRequest(request, parsedBody);
  }

  return {
    answer(request, message) {
      const id = request.headers.get('mcp-session-id');
      if (id === null) return isInitializeRequest(message) ? begin(request, message) : undefined;
      const session = sessions.get(id);
      if (session !== undefined) return through(session, request, message);
      const why = 'Session not found: it ended, or the daemon was restarted; initialize again';
      return Promise.resolve(refuse(404, sessionNotFound, why));
    },
    servers: () => [...sessions.values()].map(({ server }) => server),
    close() {
      cancelSweep?.();
      for (const id of [...sessions.keys()]) end(id);
    },
  };
}

function refuse(status: number, code: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status });
}
