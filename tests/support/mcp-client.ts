/** Raw JSON-RPC over HTTP in both eras, without any SDK: what is on the wire is what the test says. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly id?: unknown;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: {
    readonly code: number;
    readonly message: string;
    readonly data?: Readonly<Record<string, unknown>>;
  };
}

export interface McpClient {
  readonly session: string | undefined;
  /** Sends one request and waits for the answer that carries its id. */
  request(method: string, params?: object, id?: string | number): Promise<Answer>;
  notify(method: string, params?: object): Promise<number>;
  /** Calls a tool; the first text of its result, or a rejection with the error's message. */
  call(tool: string, input?: object): Promise<string>;
  /** Names of all tools, in the order of the list. */
  toolNames(): Promise<string[]>;
}

const answerTimeoutMs = 60_000;
const accept = 'application/json, text/event-stream';

/** Opens a session of the 2025 era. */
export async function legacyClient(
  url: string,
  protocolVersion = '2025-11-25',
): Promise<McpClient> {
  const clientInfo = { name: 'journey', version: '1.0.0' };
  const params = { protocolVersion, capabilities: {}, clientInfo };
  const opened = await post(url, {}, { id: 'open', method: 'initialize', params });
  if (opened.result === undefined)
    throw new Error(`initialize was refused: ${opened.status} ${opened.error?.message}`);
  const session = opened.headers.get('mcp-session-id') ?? undefined;
  const headers = {
    'mcp-protocol-version': protocolVersion,
    ...(session === undefined ? {} : { 'mcp-session-id': session }),
  };
  const client = createClient(session, (message) => post(url, headers, message));
  await client.notify('notifications/initialized');
  return client;
}

/** A client of the 2026-07-28 era; it needs no opening. */
export function modernClient(url: string): McpClient {
  const version = '2026-07-28';
  const meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'journey', version: '1.0.0' },
  };
  return createClient(undefined, (message) => {
    const params = { ...message.params, _meta: { ...meta, ...message.params?.['_meta'] } };
    const name = message.params?.['name'] ?? message.params?.['uri'];
    const headers = {
      'mcp-protocol-version': version,
      'mcp-method': message.method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    };
    return post(url, headers, { ...message, params });
  });
}

interface Outgoing {
  readonly id?: string | number;
  readonly method: string;
  // biome-ignore lint/suspicious/noExplicitAny: params of any shape travel through
  readonly params?: any;
}

function createClient(
  session: string | undefined,
  send: (message: Outgoing) => Promise<Answer>,
): McpClient {
  let nextId = 1;
  const request: McpClient['request'] = (method, params = {}, id = nextId++) =>
    send({ id, method, params });
  return {
    session,
    request,
    async notify(method, params = {}) {
      return (await send({ method, params })).status;
    },
    async call(tool, input = {}) {
      const answer = await request('tools/call', { name: tool, arguments: input });
      if (answer.error !== undefined) throw new Error(answer.error.message);
      const content = answer.result?.['content'] as readonly { text: string }[];
      return content[0]?.text ?? '';
    },
    async toolNames() {
      const answer = await request('tools/list');
      const tools = answer.result?.['tools'] as readonly { name: string }[];
      return tools.map((tool) => tool.name);
    },
  };
}

/** Posts one message; of an event stream, the event with the message's id is the answer. */
export async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  message: Outgoing,
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    signal: AbortSignal.timeout(answerTimeoutMs),
  });
  const text = await response.text();
  const { status } = response;
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const bodies = isStream ? eventsOf(text) : text === '' ? [] : [text];
  const parsed = bodies.map((body) => JSON.parse(body) as Omit<Answer, 'status' | 'headers'>);
  const answer = parsed.find((one) => !isStream || one.id === message.id);
  return { status, headers: response.headers, ...answer };
}

function eventsOf(text: string): string[] {
  return text
    .split(/\r?\n\r?\n/)
    .map((event) =>
      event
        .split(/\r?\n/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n'),
    )
    .filter((data) => data !== '');
}
