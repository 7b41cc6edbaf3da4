/** An MCP server that does one thing at a time, as many real ones do: each call takes so many ms (`argv[2]`). */
const takesMs = Number(process.argv[2] ?? 5);
let rest = '';
let last: Promise<unknown> = Promise.resolve();

process.stdin.setEncoding('utf8');
process.stdin.on('end', () => process.exit(0));
process.stdin.on('data', (chunk: string) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) if (line.trim() !== '') answer(JSON.parse(line));
});

interface Message {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: { readonly protocolVersion?: string; readonly arguments?: { text?: string } };
}

function answer({ id, method, params }: Message): void {
  if (id === undefined) return;
  if (method !== 'tools/call') {
    reply(id, quickResults(params)[method]);
    return;
  }
  last = last
    .then(() => new Promise((resolve) => setTimeout(resolve, takesMs)))
    .then(() => reply(id, { content: [{ type: 'text', text: params?.arguments?.text ?? '' }] }));
}

function quickResults(params: Message['params']): Readonly<Record<string, object | undefined>> {
  const serverInfo = { name: 'bench-serial', version: '1.0.0' };
  const protocolVersion = params?.protocolVersion ?? '2025-11-25';
  return {
    initialize: { protocolVersion, capabilities: { tools: {} }, serverInfo },
    'tools/list': { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] },
    ping: {},
  };
}

function reply(id: number | string, result: object | undefined): void {
  const error = { code: -32601, message: 'Method not found' };
  const body = result === undefined ? { error } : { result };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...body })}\n`);
}
