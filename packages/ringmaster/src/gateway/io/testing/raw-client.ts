import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { createEventReader, type ServerEvent } from '../legs/event-reader.ts';

/** A JSON-RPC message as a test looks at it. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach into replies of any shape
export type Message = any;

/** One HTTP answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** The messages in it, whether it came as JSON or as a stream. */
  readonly messages: readonly Message[];
}

/** Sends one HTTP request exactly as told: no library between the test and the wire. */
export function send(
  url: string,
  how: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly agent?: Agent;
    /** Hears messages as they come. */
    readonly onMessage?: (message: Message) => void;
    /** Hears every event of a stream, also those without a message. */
    readonly onEvent?: (event: ServerEvent) => void;
    /** Gets the means to break the request off. */
    readonly onSent?: (abort: () => void) => void;
  },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'POST', body, agent } = how;
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const headers = {
      accept: 'application/json, text/event-stream',
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...how.headers,
    };
    const sent = httpRequest(url, { method, headers, ...(agent === undefined ? {} : { agent }) });
    sent.on('error', reject);
    sent.once('response', (response) => {
      let whole = '';
      const messages: Message[] = [];
      const isStream = response.headers['content-type'] === 'text/event-stream';
      const events = createEventReader(100_000_000, (event) => {
        how.onEvent?.(event);
        const { data } = event;
        if (data === '' || event.name !== 'message') return;
        messages.push(JSON.parse(data));
        how.onMessage?.(messages.at(-1));
      });
      response.setEncoding('utf8');
      response.on('error', reject);
      response.on('data', (chunk: string) => {
        whole += chunk;
        if (isStream) events.read(chunk);
      });
      response.once('close', () => {
        if (!isStream && whole.startsWith('{')) messages.push(JSON.parse(whole));
        if (!isStream && whole.startsWith('[')) messages.push(...JSON.parse(whole));
        const { statusCode: status = 0 } = response;
        resolve({ status, headers: response.headers, text: whole, messages });
      });
    });
    how.onSent?.(() => sent.destroy());
    sent.end(text);
  });
}

/** A client of the eras with a handshake. */
export interface SessionClient {
  readonly headers: Readonly<Record<string, string>>;
  readonly hello: Message;
  /** The reply to one request; other messages go to `onMessage`. */
  ask(
    method: string,
    params?: unknown,
    more?: { readonly id?: string | number; readonly onMessage?: (message: Message) => void },
  ): Promise<Message>;
  /** Answers a request of the server. */
  answer(
    id: unknown,
    outcome: { readonly result?: unknown; readonly error?: unknown },
  ): Promise<void>;
  /** Text of a tool's first content block, or its error as `code message`. */
  call(name: string, args?: unknown): Promise<string>;
}

let lastId = 0;

/** Opens a session at an endpoint. */
export async function openSession(
  url: string,
  version = '2025-06-18',
  capabilities: Readonly<Record<string, unknown>> = {},
): Promise<SessionClient> {
  const agent = new Agent({ keepAlive: true });
  const clientInfo = { name: 'raw', version: '1' };
  const params = { protocolVersion: version, capabilities, clientInfo };
  const body = { jsonrpc: '2.0', id: 'hello', method: 'initialize', params };
  const hello = await send(url, { body, agent });
  const headers = { 'mcp-session-id': String(hello.headers['mcp-session-id']) };
  const client: SessionClient = {
    headers,
    hello: hello.messages[0],
    async ask(method, asked, { id = ++lastId, onMessage = () => {} } = {}) {
      const request = {
        jsonrpc: '2.0',
        id,
        method,
        ...(asked === undefined ? {} : { params: asked }),
      };
      const answer = await send(url, { body: request, headers, agent, onMessage });
      return answer.messages.at(-1);
    },
    async answer(id, outcome) {
      await send(url, { body: { jsonrpc: '2.0', id, ...outcome }, headers, agent });
    },
    async call(name, args) {
      const reply = await client.ask('tools/call', {
        name,
        ...(args === undefined ? {} : { arguments: args }),
      });
      return reply.error === undefined
        ? String(reply.result.content[0].text)
        : `${reply.error.code} ${reply.error.message}`;
    },
  };
  return client;
}

/** One request of the stateless era, headers and all; `headers` replace, `undefined` ones are left out. */
export function askModern(
  url: string,
  method: string,
  params: Readonly<Record<string, unknown>> = {},
  more: {
    readonly id?: string | number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly meta?: Readonly<Record<string, unknown>>;
    readonly onMessage?: (message: Message) => void;
    readonly onSent?: (abort: () => void) => void;
  } = {},
): Promise<Answer> {
  const name = params['name'] ?? params['uri'];
  const { id = ++lastId, headers, meta, ...rest } = more;
  return send(url, {
    ...rest,
    headers: {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
      ...headers,
    },
    body: {
      jsonrpc: '2.0',
      id,
      method,
      params: {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': {},
          'io.modelcontextprotocol/clientInfo': { name: 'raw-modern', version: '1' },
          ...meta,
        },
      },
    },
  });
}

/** Resolves when the condition holds; fails after a minute with what was waited for. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const sinceMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - sinceMs > 60_000) throw new Error(`Waited 60 s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
