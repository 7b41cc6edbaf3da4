import { type Dispatcher, Pool } from 'undici';
import { messageChain, Problem } from '../../../errors.ts';
import { failure } from '../../messages.ts';
import { isEventStream } from '../http.ts';
import type { Outgoing, Wire } from '../wire.ts';
import { sendAuthorized } from './authorized.ts';
import { readEvents } from './http-body.ts';
import { failureOf } from './http-failures.ts';
import { sendWithin } from './redirects.ts';
import type { HttpNeeds } from './upstream-http.ts';

/** Requests to one server under way at once; its stream takes one connection more. */
const connectionsMax = 32;
/** How long a server may take to say where messages go. */
const endpointWaitMs = 10_000;
/** Pause before a stream that broke off is opened again; doubles while it fails. */
const againMs = 1_000;
const againMaxMs = 30_000;
interface Needs extends Pick<HttpNeeds, 'target' | 'url' | 'clock' | 'ears' | 'authorizer'> {
  /** Sent again on every new stream, which is a new session. */
  readonly hello: Outgoing;
  /** The conversation was opened in an earlier life of the daemon: nobody else greets the server. */
  readonly isKnown: boolean;
}

/**
 * Speaks HTTP+SSE to a server, the transport of 2024-11-05: one stream by GET that says first where messages are posted
 * to, and carries everything the server says. Rejects when the URL is no such stream.
 */
export async function sseWire(needs: Needs): Promise<Wire> {
  const { target, clock, ears, authorizer } = needs;
  const url = new URL(needs.url);
  const pool = new Pool(url.origin, {
    ...{ connections: connectionsMax, keepAliveTimeout: 60_000 },
    // The stream is quiet for as long as the server likes; deadlines are the calls' own.
    ...{ headersTimeout: 0, bodyTimeout: 0 },
  });
  const closing = new AbortController();
  /** Requests posted on the stream as it is now, and not answered. */
  const followed = new Set<number>();
  let isUp = false;
  let isAgreed = false;
  let endpoint = needs.isKnown ? openStream().then(greet) : openStream();

  /** Asks with the server's own headers and, where somebody signed in, with theirs. */
  function ask(what: Dispatcher.RequestOptions & { headers: Readonly<Record<string, string>> }) {
    const { signal } = closing;
    const request = () => {
      const headers = { ...target.headers, ...what.headers, ...authorizer?.headers() };
      const asked = { ...what, headers, signal };
      return sendWithin(url.origin, asked, (one) => pool.request(one));
    };
    return authorizer === undefined ? request() : sendAuthorized(authorizer, request);
  }

  /** Opens the stream; resolves with the path messages go to. */
  function openStream(): Promise<string> {
    return new Promise((resolve, reject) => {
      const giveUp = clock.after(endpointWaitMs, () => reject(new Error(silence)));
      isUp = true;
      read(resolve)
        .catch((error: unknown) => reject(error))
        .finally(() => {
          isUp = false;
          giveUp();
          reject(new Error('its stream ended'));
          lose();
        });
    });
  }

  async function read(onEndpoint: (path: string) => void): Promise<void> {
    const { statusCode, headers, body } = await ask({
      ...{ path: url.pathname + url.search, method: 'GET' },
      headers: { accept: 'text/event-stream' },
    });
    const type = String(headers['content-type'] ?? '');
    if (statusCode !== 200 || !isEventStream(type)) {
      await body.dump();
      throw new Error(`it answered HTTP ${statusCode} ${type} instead of a stream`);
    }
    await readEvents(body, target.limits.maxMessageBytes, ({ name, data }) => {
      if (name === 'endpoint') onEndpoint(pathOf(data, url));
      else if (data !== '' && name === 'message') ears.receive(data);
    });
  }

  /** The stream is the session: without it, no reply can come. */
  function lose(): void {
    const { server } = target;
    const why = 'its event stream broke off';
    for (const id of followed) {
      const what = `Server "${server}" gave no reply (${why}); the call may have executed`;
      ears.failed(id, failure('call_lost', what, { server, mayHaveExecuted: true }));
    }
    followed.clear();
    if (isAgreed && !closing.signal.aborted) again(againMs);
  }

  /** A new stream is a new session: what is sent meanwhile waits until it is open. */
  function again(afterMs: number): void {
    isAgreed = false;
    const longerMs = Math.min(afterMs * 2, againMaxMs);
    endpoint = new Promise<void>((resolve) => void clock.after(afterMs, resolve))
      .then(openStream)
      .then(greet);
    endpoint.then(
      () => {
        isAgreed = isUp;
        if (isUp) ears.renewed();
        else again(longerMs);
      },
      () => {
        if (!closing.signal.aborted) again(longerMs);
      },
    );
  }

  async function greet(path: string): Promise<string> {
    await post(path, needs.hello.text);
    await post(path, '{"jsonrpc":"2.0","method":"notifications/initialized"}');
    return path;
  }

  async function post(path: string, text: string): Promise<number> {
    const { statusCode, body } = await ask({
      ...{ path, method: 'POST', body: text },
      headers: { 'content-type': 'application/json' },
    });
    await body.dump();
    return statusCode;
  }

  async function send({ id, text }: Outgoing): Promise<void> {
    const { server } = target;
    let isSent = false;
    try {
      const path = await endpoint;
      if (id !== undefined) followed.add(id);
      isSent = true;
      const status = await post(path, text);
      if (status < 300 || id === undefined) return;
      const what = `Server "${server}" gave no reply (it answered HTTP ${status})`;
      ears.failed(id, failure('server_down', what, { server, mayHaveExecuted: false, status }));
    } catch (error) {
      if (id === undefined) return;
      ears.failed(id, failureOf(error, server, isSent ? 'maybe' : 'no'));
    }
  }

  await endpoint.catch((error: unknown) => {
    closing.abort();
    void pool.destroy();
    if (error instanceof Problem) throw error;
    throw new Problem('conversation_failed', messageChain(error));
  });
  return {
    send(message) {
      if (!closing.signal.aborted) void send(message);
      return 0;
    },
    // Only the message itself tells the server: the stream carries all other replies too.
    abort: () => false,
    settled: (id) => void followed.delete(id),
    agreed() {
      isAgreed = true;
    },
    sessionId: () => undefined,
    transport: 'sse',
    unsent: () => [],
    close() {
      closing.abort();
      void pool.destroy();
    },
  };
}

const silence = `its stream said nothing of where messages go within ${endpointWaitMs} ms`;

/** The path an `endpoint` event names; another origin would get what is meant for this server alone. */
function pathOf(data: string, url: URL): string {
  const endpoint = new URL(data, url);
  if (endpoint.origin !== url.origin) {
    throw new Error(`its stream sends messages to another origin, ${endpoint.origin}`);
  }
  return endpoint.pathname + endpoint.search;
}
