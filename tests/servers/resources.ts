/**
 * Resources, templates, prompts, completion, progress and subscriptions. `--name NAME` goes into every text;
 * `--modern`: both eras; `--scheme S` (default `test`) is the scheme of its URIs. Tools: `progress {steps}` sends
 * that many progress notifications; `touch` sends `notifications/resources/updated` for the first resource.
 */
import { hasArgument, textArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { serveLines, writeLine } from './line-server.ts';
import { type Call, type Params, RpcError } from './mcp.ts';

const name = textArgument('name') ?? 'resources';
const scheme = textArgument('scheme') ?? 'test';
const readme = { uri: `${scheme}://readme`, name: 'readme', mimeType: 'text/plain' };
const logo = { uri: `${scheme}://logo`, name: 'logo', mimeType: 'image/png' };
const template = { uriTemplate: `${scheme}://users/{id}`, name: 'user', mimeType: 'text/plain' };
const greet = {
  name: 'greet',
  description: 'Greets',
  arguments: [{ name: 'who', required: true }],
};

serveLines({
  name,
  eras: hasArgument('modern') ? 'both' : 'legacy',
  capabilities: {
    tools: { listChanged: true },
    resources: { subscribe: true, listChanged: true },
    prompts: { listChanged: true },
    completions: {},
    logging: {},
  },
  instructions: `Instructions of ${name}`,
  tools: [...echoTools, { name: 'progress', run: progress }, { name: 'touch', run: touch }],
  methods: {
    'resources/list': () => ({ resources: [readme, logo] }),
    'resources/templates/list': () => ({ resourceTemplates: [template] }),
    'resources/read': (call) => ({ contents: [read(String(call.params['uri']))] }),
    'resources/subscribe': () => ({}),
    'resources/unsubscribe': () => ({}),
    'prompts/list': () => ({ prompts: [greet] }),
    'prompts/get': (call) => prompt(call),
    'completion/complete': (call) => complete(call),
    'logging/setLevel': () => ({}),
  },
});

function read(uri: string): Params {
  const user = new RegExp(`^${scheme}://users/(.+)$`).exec(uri);
  if (user !== null) return { uri, mimeType: 'text/plain', text: `${name}: user ${user[1]}` };
  if (uri === readme.uri) return { uri, mimeType: 'text/plain', text: `${name}: read me` };
  if (uri === logo.uri) return { uri, mimeType: 'image/png', blob: 'iVBORw0KGgo=' };
  throw new RpcError(-32002, 'Resource not found', { uri });
}

function prompt(call: Call): Params {
  if (call.params['name'] !== greet.name) throw new RpcError(-32602, 'Unknown prompt');
  const text = `${name}: hello ${String(call.arguments['who'])}`;
  return { messages: [{ role: 'user', content: { type: 'text', text } }] };
}

function complete(call: Call): Params {
  const argument = call.params['argument'] as { readonly value: string };
  const values = ['anna', 'bert', 'carl'].filter((one) => one.startsWith(argument.value));
  return { completion: { values, total: values.length, hasMore: false } };
}

function progress(call: Call): string {
  const meta = (call.params['_meta'] ?? {}) as Params;
  const steps = Number(call.arguments['steps'] ?? 3);
  const token = meta['progressToken'];
  if (token === undefined) return 'no token';
  for (let step = 1; step <= steps; step += 1) {
    const told = { progressToken: token, progress: step, total: steps, message: `step ${step}` };
    call.notify('notifications/progress', told);
  }
  return `${steps} steps`;
}

function touch(): string {
  writeLine({
    jsonrpc: '2.0',
    method: 'notifications/resources/updated',
    params: { uri: readme.uri },
  });
  return 'touched';
}
