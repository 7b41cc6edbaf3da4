import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As much of the official client as all its ages share. */
export interface AgedClient {
  connect(transport: unknown): Promise<void>;
  close(): Promise<void>;
  listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>;
  callTool(
    params: { readonly name: string; readonly arguments: object },
    schema?: unknown,
    options?: CallOptions,
  ): Promise<Result>;
  setRequestHandler(schema: unknown, handler: (request: Asked) => unknown): void;
  setNotificationHandler(schema: unknown, handler: () => void | Promise<void>): void;
}

/** A question of a server, as the client gets it. */
export interface Asked {
  readonly params: Readonly<Record<string, unknown>>;
}

/** What may be told with a call. */
export interface CallOptions {
  readonly onprogress?: (progress: { readonly progress: number }) => void;
  readonly signal?: AbortSignal;
  readonly resumptionToken?: string;
  readonly onresumptiontoken?: (token: string) => void;
  readonly timeout?: number;
}

/** The result of a call, which every age leaves to the reader. */
export interface Result {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly isError?: boolean;
}

/** One age of the official SDK for TypeScript, by its folder in node_modules. */
export interface Age {
  readonly sdk: string;
  /** How it reaches the daemon: the first one knew neither Streamable HTTP nor elicitation. */
  readonly over: 'http' | 'stdio' | 'mcp-remote';
  readonly canElicit: boolean;
}

/** Ages that differ in what they speak: 2024-11-05, 2025-03-26, 2025-11-25 as it was new, and the last of version 1. */
export const ages: readonly Age[] = [
  { sdk: 'sdk-1.0', over: 'stdio', canElicit: false },
  { sdk: 'sdk-1.10', over: 'http', canElicit: false },
  { sdk: 'sdk-1.10', over: 'stdio', canElicit: false },
  { sdk: 'sdk-1.25', over: 'http', canElicit: true },
  { sdk: '@modelcontextprotocol/sdk', over: 'http', canElicit: true },
  { sdk: '@modelcontextprotocol/sdk', over: 'stdio', canElicit: true },
  { sdk: '@modelcontextprotocol/sdk', over: 'mcp-remote', canElicit: true },
];

/** Clients give a daemon that starts anew half a minute; by themselves they try twice, two seconds apart. */
const reconnectionOptions = {
  ...{ initialReconnectionDelay: 250, maxReconnectionDelay: 1_000 },
  ...{ reconnectionDelayGrowFactor: 1.5, maxRetries: 30 },
};

/** An age in words, for the name of a test. */
export function nameOf({ sdk, over }: Age): string {
  const age = sdk.startsWith('sdk-') ? `SDK ${sdk.slice(4)}` : 'the last SDK of version 1';
  return `${age} over ${over}`;
}

/** A client of this age with the schemas of its SDK, not yet connected. */
export async function createAged(age: Age): Promise<{
  readonly client: AgedClient;
  readonly types: Readonly<Record<string, unknown>>;
  /** Connects it to a path of the daemon, by the transport of its age. */
  open(daemon: { readonly origin: string; readonly dataDir: string }, path: string): Promise<void>;
}> {
  const load = (file: string) => import(`${age.sdk}/${file}`);
  const [{ Client }, types] = await Promise.all([load('client/index.js'), load('types.js')]);
  const capabilities = {
    sampling: {},
    roots: { listChanged: true },
    ...(age.canElicit ? { elicitation: {} } : {}),
  };
  const client = new Client({ name: 'aged', version: '1.0.0' }, { capabilities }) as AgedClient;
  return {
    client,
    types,
    async open({ origin, dataDir }, path) {
      if (age.over === 'http') {
        const { StreamableHTTPClientTransport } = await load('client/streamableHttp.js');
        const url = new URL(`${origin}${path}`);
        await client.connect(new StreamableHTTPClientTransport(url, { reconnectionOptions }));
        return;
      }
      const { StdioClientTransport } = await load('client/stdio.js');
      const args =
        age.over === 'stdio' ? connectArgs(dataDir, path) : remoteArgs(`${origin}${path}`);
      const env = { PATH: process.env['PATH'] ?? '', HOME: dataDir };
      const command = process.execPath;
      await client.connect(new StdioClientTransport({ command, args, env, stderr: 'ignore' }));
    },
  };
}

const bin = fileURLToPath(
  new URL('../../../packages/ringmaster/bin/ringmaster.js', import.meta.url),
);

function connectArgs(dataDir: string, path: string): string[] {
  const server = /^\/servers\/([^/]+)\/mcp$/.exec(path)?.[1];
  const part = path === '/control/mcp' ? ['--control'] : [];
  const only = server === undefined ? part : ['--server', server];
  return [bin, 'connect', '--data-dir', dataDir, ...only];
}

function remoteArgs(url: string): string[] {
  const proxy = createRequire(import.meta.url).resolve('mcp-remote/package.json');
  return [join(proxy, '../dist/proxy.js'), url, '--allow-http'];
}
