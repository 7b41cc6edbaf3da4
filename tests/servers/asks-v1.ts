/**
 * A server of the handshake eras that asks its client things, over the official SDK, version 1. On stdio, or with
 * `--http` as Streamable HTTP on `PORT`. Every tool's text says what came back.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  CallToolRequestSchema,
  CreateMessageResultSchema,
  ElicitResultSchema,
  ListRootsResultSchema,
  ListToolsRequestSchema,
  RootsListChangedNotificationSchema,
  type ServerNotification,
  type ServerRequest,
  UrlElicitationRequiredError,
} from '@modelcontextprotocol/sdk/types.js';
import { hasArgument } from './arguments.ts';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;
type Tool = (given: Readonly<Record<string, unknown>>, extra: Extra) => Promise<string>;

const schema = { type: 'object' as const, properties: { name: { type: 'string' as const } } };

async function form(extra: Extra, message = 'Who are you?', key?: string, timeout = 60_000) {
  const meta = key === undefined ? {} : { _meta: { 'ringmaster/key': key } };
  const params = { mode: 'form' as const, message, requestedSchema: schema, ...meta };
  const request = { method: 'elicitation/create' as const, params };
  const { action, content } = await extra.sendRequest(request, ElicitResultSchema, { timeout });
  return `${action} ${JSON.stringify(content ?? null)}`;
}

async function sample(extra: Extra): Promise<string> {
  const content = { type: 'text' as const, text: 'What is the capital of France?' };
  const params = { messages: [{ role: 'user' as const, content }], maxTokens: 10 };
  const request = { method: 'sampling/createMessage' as const, params };
  const result = await extra.sendRequest(request, CreateMessageResultSchema);
  return `${result.model}: ${JSON.stringify(result.content)}`;
}

async function roots(extra: Pick<Extra, 'sendRequest'>): Promise<string> {
  const result = await extra.sendRequest({ method: 'roots/list' }, ListRootsResultSchema);
  return result.roots.map(({ uri }) => uri).join(' ');
}

async function open(extra: Extra): Promise<string> {
  const params = { mode: 'url' as const, message: 'Sign in', url, elicitationId: 'e-1' };
  const request = { method: 'elicitation/create' as const, params };
  return (await extra.sendRequest(request, ElicitResultSchema)).action;
}

const url = 'https://example.com/sign-in';
let isSignedIn = false;
let lastOutside = 'nothing yet';

const tools: Readonly<Record<string, Tool>> = {
  form: (given, extra) => form(extra, undefined, given['key'] as string | undefined),
  /** The same, and says that it may be called again. */
  form_safely: (_given, extra) => form(extra),
  sample: (_given, extra) => sample(extra),
  roots: (_given, extra) => roots(extra),
  open: (_given, extra) => open(extra),
  both: (_given, extra) => {
    // Both leave in one write, as if they were one moment's.
    process.stdout.cork();
    setImmediate(() => process.stdout.uncork());
    return Promise.all([form(extra), sample(extra)]).then((said) => said.join(' and '));
  },
  twice: async (_given, extra) =>
    `${await form(extra, 'First?')} then ${await form(extra, 'Second?')}`,
  impatient: (_given, extra) => form(extra, 'Quick!', undefined, 150),
  /** Its tool error is the client's refusal. */
  lenient: async (_given, extra) => sample(extra).catch((error: Error) => `no: ${error.message}`),
  /** Asks for an address to be opened by refusing, until it was called twice. */
  sign_in: async () => {
    const wanted = { mode: 'url' as const, elicitationId: 'e-2', message: 'Sign in first', url };
    if (isSignedIn) return 'signed in';
    isSignedIn = true;
    throw new UrlElicitationRequiredError([wanted]);
  },
  wait: (given) => new Promise((done) => setTimeout(done, Number(given['ms']), 'waited')),
  /** Asks, and dies before there is an answer. */
  die: async (_given, extra) => {
    setTimeout(() => process.exit(3), 100);
    return form(extra);
  },
  progress: async (_given, extra) => {
    const progressToken = extra._meta?.progressToken ?? 0;
    const tell = (progress: number) =>
      extra.sendNotification({
        method: 'notifications/progress',
        params: { progressToken, progress },
      });
    await tell(1);
    const asking = form(extra);
    await new Promise((done) => setTimeout(done, 50));
    await tell(2);
    await tell(3);
    return asking;
  },
  /** Asks once the call is over; `outside` then says what came of it. */
  later: async (given, extra) => {
    const kind = given['kind'];
    const ask = kind === 'roots' ? roots : kind === 'sample' ? sample : form;
    const outside = { ...extra, sendRequest: unrelated(extra) } as Extra;
    setTimeout(() => {
      ask(outside).then(
        (said) => (lastOutside = said),
        (error: Error) => (lastOutside = error.message),
      );
    }, 30);
    return 'soon';
  },
  outside: async () => lastOutside,
  /** Tells its client that it is done at an address. */
  done: async (given) => {
    const params = { elicitationId: String(given['id']) };
    const method = 'notifications/elicitation/complete';
    // By the transport, as the SDK looks for a capability that shared processes are not told of.
    await newest?.transport?.send({ jsonrpc: '2.0', method, params });
    return 'told';
  },
  /** How often its client said that it works on other folders. */
  moves: async () => String(moveCount),
  offered: async () => JSON.stringify(newest?.getClientCapabilities() ?? null),
};

let newest: Server | undefined;
let moveCount = 0;

/** Requests that belong to no call, as SDKs send them from anywhere but a handler. */
function unrelated(_extra: Extra): Extra['sendRequest'] {
  return ((request: never, result: never) => newest?.request(request, result)) as never;
}

function makeServer(): Server {
  const capabilities = { capabilities: { tools: {} } };
  const server = new Server({ name: 'asks-v1', version: '1.0.0' }, capabilities);
  server.setNotificationHandler(RootsListChangedNotificationSchema, () => {
    moveCount += 1;
  });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: Object.keys(tools).map((name) => ({
      ...{ name, inputSchema: { type: 'object' as const } },
      ...(name.endsWith('_safely') ? { annotations: { readOnlyHint: true } } : {}),
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tool = tools[params.name];
    const text = tool === undefined ? 'no such tool' : await tool(params.arguments ?? {}, extra);
    return { content: [{ type: 'text', text }] };
  });
  newest = server;
  return server;
}

// biome-ignore lint/suspicious/noExplicitAny: its types disagree with exactOptionalPropertyTypes
const as = (transport: unknown): any => transport;

if (!hasArgument('http')) await makeServer().connect(new StdioServerTransport());
else {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const listening = createServer(async (request, response) => {
    const known = sessions.get(String(request.headers['mcp-session-id']));
    if (known !== undefined) return void known.handleRequest(request, response);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await makeServer().connect(as(transport));
    await transport.handleRequest(request, response);
  });
  listening.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
    process.stderr.write(`listening on ${JSON.stringify(listening.address())}\n`);
  });
  process.on('SIGTERM', () => process.exit(0));
}
