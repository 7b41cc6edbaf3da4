import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Context } from './client.ts';

type Arguments = Readonly<Record<string, unknown>>;

interface Tool {
  readonly name: string;
  readonly inputSchema: unknown;
}

/** The calls every scenario can bear; a client of either era does them. */
interface Caller {
  tools(): Promise<readonly Tool[]>;
  resources(): Promise<readonly { readonly uri: string }[]>;
  prompts(): Promise<readonly { readonly name: string }[]>;
  call(name: string, args: Arguments): Promise<unknown>;
  read(uri: string): Promise<unknown>;
  get(name: string): Promise<unknown>;
}

const clientInfo = { name: 'conformance', version: '1.0.0' };

/** Uses everything a server of the suite offers, with the client of the era that the scenario is about. */
export async function useServer(how: {
  readonly url: string;
  readonly revision: string;
  readonly context: Context;
}): Promise<void> {
  const isModern = how.revision === '2026-07-28';
  const caller = isModern ? await openModern(how.url) : await openLegacy(how.url);
  const tools = await caller.tools();
  const calls =
    how.context.toolCalls ??
    tools.map(({ name }) => ({ name, arguments: argumentsOf(name, tools) }));
  // Some servers of the suite refuse some calls on purpose.
  for (const one of calls) await caller.call(one.name, one.arguments).catch(tell);
  for (const { uri } of await caller.resources().catch(nothing)) await caller.read(uri).catch(tell);
  for (const { name } of await caller.prompts().catch(nothing)) await caller.get(name).catch(tell);
}

function argumentsOf(tool: string, tools: readonly Tool[]): Arguments {
  if (tool === 'add_numbers') return { a: 5, b: 3 };
  if (tool !== 'json_schema_echo') return {};
  // It wants to see what arrived here of the other tool's schema.
  return { schema: tools.find(({ name }) => name === 'json_schema_2020_12_tool')?.inputSchema };
}

/** Either SDK is loaded for its own clients only: all of them start at once. */
async function openModern(url: string): Promise<Caller> {
  const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const client = new Client(clientInfo, {
    capabilities: { elicitation: {}, sampling: {}, roots: {} },
    versionNegotiation: { mode: { pin: '2026-07-28' } },
  });
  client.setRequestHandler('elicitation/create', () => ({
    action: 'accept',
    content: { confirmed: true },
  }));
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return {
    tools: async () => (await client.listTools()).tools,
    resources: async () => (await client.listResources()).resources,
    prompts: async () => (await client.listPrompts()).prompts,
    call: (name, args) => client.callTool({ name, arguments: args }),
    read: (uri) => client.readResource({ uri }),
    get: (name) => client.getPrompt({ name }),
  };
}

async function openLegacy(url: string): Promise<Caller> {
  const [{ Client }, { StreamableHTTPClientTransport }, { ElicitRequestSchema }] =
    await Promise.all([
      import('@modelcontextprotocol/sdk/client/index.js'),
      import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
      import('@modelcontextprotocol/sdk/types.js'),
    ]);
  const elicitation = { form: { applyDefaults: true } };
  const client = new Client(clientInfo, { capabilities: { elicitation } });
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: {} }));
  // The SDK's own types disagree under exactOptionalPropertyTypes.
  await client.connect(new StreamableHTTPClientTransport(new URL(url)) as Transport);
  return {
    tools: async () => (await client.listTools()).tools,
    resources: async () => (await client.listResources()).resources,
    prompts: async () => (await client.listPrompts()).prompts,
    call: (name, args) => client.callTool({ name, arguments: args }),
    read: (uri) => client.readResource({ uri }),
    get: (name) => client.getPrompt({ name }),
  };
}

function tell(error: unknown): void {
  process.stderr.write(`${String(error)}\n`);
}

function nothing(error: unknown): [] {
  tell(error);
  return [];
}
