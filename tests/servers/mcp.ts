/**
 * What every test server answers, whatever carries it: just enough MCP of both eras, without any library, so that a
 * fault of ours is not hidden by the same fault in an SDK.
 */
export interface Message {
  readonly jsonrpc: '2.0';
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

export type Params = Readonly<Record<string, unknown>>;

/** One request being answered. */
export interface Call {
  readonly id: string | number;
  readonly params: Params;
  readonly arguments: Params;
  /** Sends a notification to the client; progress and logs. */
  notify(method: string, params: Params): void;
  /** Calls back when the client cancels this request. */
  onCancel(then: () => void): void;
}

export interface Tool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema?: Params;
  readonly execution?: Params;
  /** Text becomes a text block; an object is the CallToolResult itself; `noAnswer` leaves the client waiting. */
  run(call: Call): unknown;
}

export interface McpOptions {
  readonly name: string;
  /** `legacy`: initialize; `modern`: 2026-07-28 only; `both`. */
  readonly eras?: 'legacy' | 'modern' | 'both';
  /** Read at every list: what is pushed later shows up later. */
  readonly tools: readonly Tool[];
  readonly capabilities?: Params;
  readonly instructions?: string;
  /** More methods, and replacements of the built-in ones. */
  readonly methods?: Readonly<Record<string, (call: Call) => unknown>>;
}

/** A tool or method that returns this never answers. */
export const noAnswer: unique symbol = Symbol('no answer');

/** Thrown by a tool or method to answer with this JSON-RPC error. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;
  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export const modernVersion = '2026-07-28';
const legacyVersions = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];
const cachedMethods = /^(server\/discover|tools\/list|prompts\/list|resources\/)/;

export interface Mcp {
  /** Answers one message by `send`, at once where the tool is synchronous. */
  receive(message: Message, send: (reply: Message) => void): void;
}

/** The answering half of a server; who reads and writes the messages comes from outside. */
export function createMcp(options: McpOptions): Mcp {
  const cancels = new Map<string | number, () => void>();
  return {
    receive(message, send) {
      if (message.method === undefined) return;
      if (message.id === undefined) {
        if (message.method !== 'notifications/cancelled') return;
        cancels.get(message.params?.['requestId'] as string | number)?.();
        return;
      }
      const call = callOf(message, message.id, send, cancels);
      settle(
        () => answer(options, message.method ?? '', call),
        message,
        send,
        () => cancels.delete(call.id),
      );
    },
  };
}

function callOf(
  message: Message,
  id: string | number,
  send: (reply: Message) => void,
  cancels: Map<string | number, () => void>,
): Call {
  const params = message.params ?? {};
  return {
    id,
    params,
    arguments: (params['arguments'] ?? {}) as Params,
    notify: (method, notified) => send({ jsonrpc: '2.0', method, params: notified }),
    onCancel: (then) => cancels.set(id, then),
  };
}

function settle(
  work: () => unknown,
  message: Message,
  send: (reply: Message) => void,
  done: () => void,
): void {
  const id = message.id ?? 0;
  const succeed = (value: unknown) => {
    done();
    if (value !== noAnswer) send({ jsonrpc: '2.0', id, result: dress(message, value as Params) });
  };
  const fail = (error: unknown) => {
    done();
    send({ jsonrpc: '2.0', id, error: errorOf(error) });
  };
  try {
    const value = work();
    if (value instanceof Promise) value.then(succeed, fail);
    else succeed(value);
  } catch (error) {
    fail(error);
  }
}

function errorOf(error: unknown) {
  if (!(error instanceof RpcError)) return { code: -32603, message: String(error) };
  const { code, message, data } = error;
  return data === undefined ? { code, message } : { code, message, data };
}

/** Adds what the 2026-07-28 era asks of a result. */
function dress(message: Message, value: Params): Params {
  if (!isModern(message.params ?? {})) return value;
  const hints = cachedMethods.test(message.method ?? '') ? { ttlMs: 0, cacheScope: 'private' } : {};
  return { resultType: 'complete', ...hints, ...value };
}

function isModern(params: Params): boolean {
  const meta = (params['_meta'] ?? {}) as Params;
  return 'io.modelcontextprotocol/protocolVersion' in meta;
}

function answer(options: McpOptions, method: string, call: Call): unknown {
  checkEra(options.eras ?? 'legacy', method, call.params);
  const own = options.methods?.[method];
  if (own !== undefined) return own(call);
  switch (method) {
    case 'initialize':
      return initializeResult(options, call.params);
    case 'server/discover':
      return discoverResult(options);
    case 'ping':
      return {};
    case 'tools/list':
      return { tools: options.tools.map(describe) };
    case 'tools/call':
      return runTool(options, call);
    default:
      throw new RpcError(-32601, `Method not found: ${method}`);
  }
}

function checkEra(eras: 'legacy' | 'modern' | 'both', method: string, params: Params): void {
  if (eras === 'legacy') {
    if (method === 'server/discover') throw new RpcError(-32601, 'Method not found');
    return;
  }
  if (isModern(params)) {
    const meta = params['_meta'] as Params;
    const requested = meta['io.modelcontextprotocol/protocolVersion'];
    if (requested !== modernVersion) throw unsupported(requested);
    if (typeof meta['io.modelcontextprotocol/clientCapabilities'] !== 'object')
      throw new RpcError(-32602, 'clientCapabilities is missing in _meta');
    return;
  }
  if (eras === 'both') return;
  if (method === 'initialize') throw unsupported(params['protocolVersion']);
  throw new RpcError(-32602, 'protocolVersion is missing in _meta');
}

function unsupported(requested: unknown): RpcError {
  const data = { supported: [modernVersion], requested };
  return new RpcError(-32022, `Unsupported protocol version ${String(requested)}`, data);
}

function capabilitiesOf(options: McpOptions): Params {
  return options.capabilities ?? { tools: { listChanged: true } };
}

function initializeResult(options: McpOptions, params: Params): Params {
  const wanted = String(params['protocolVersion']);
  return {
    protocolVersion: legacyVersions.includes(wanted) ? wanted : '2025-11-25',
    capabilities: capabilitiesOf(options),
    serverInfo: { name: options.name, version: '1.0.0' },
    ...(options.instructions === undefined ? {} : { instructions: options.instructions }),
  };
}

function discoverResult(options: McpOptions): Params {
  return {
    supportedVersions:
      options.eras === 'both' ? [...legacyVersions, modernVersion] : [modernVersion],
    capabilities: capabilitiesOf(options),
    ...(options.instructions === undefined ? {} : { instructions: options.instructions }),
    _meta: { 'io.modelcontextprotocol/serverInfo': { name: options.name, version: '1.0.0' } },
  };
}

function describe(tool: Tool): Params {
  return {
    name: tool.name,
    description: tool.description ?? tool.name,
    inputSchema: tool.inputSchema ?? { type: 'object' },
    ...(tool.execution === undefined ? {} : { execution: tool.execution }),
  };
}

function runTool(options: McpOptions, call: Call): unknown {
  const tool = options.tools.find((one) => one.name === call.params['name']);
  if (tool === undefined) throw new RpcError(-32602, `Unknown tool ${String(call.params['name'])}`);
  const value = tool.run(call);
  return value instanceof Promise ? value.then(toResult) : toResult(value);
}

function toResult(value: unknown): unknown {
  return typeof value === 'string' ? { content: [{ type: 'text', text: value }] } : value;
}
