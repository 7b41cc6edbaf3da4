/** The upstream of every target: an MCP echo server on stdio with as little work a call as possible. */
let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('end', () => process.exit(0));
process.stdin.on('data', (chunk: string) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() ?? '';
  let replies = '';
  for (const line of lines) replies += answer(line);
  if (replies !== '') process.stdout.write(replies);
});

interface Message {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: { readonly protocolVersion?: string; readonly arguments?: { text?: string } };
}

function answer(line: string): string {
  if (line.trim() === '') return '';
  const { id, method, params } = JSON.parse(line) as Message;
  if (id === undefined) return '';
  const reply = resultOf(method, params);
  const body =
    reply === undefined
      ? { jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } }
      : { jsonrpc: '2.0', id, result: reply };
  return `${JSON.stringify(body)}\n`;
}

function resultOf(method: string, params: Message['params']): object | undefined {
  switch (method) {
    case 'tools/call':
      return { content: [{ type: 'text', text: params?.arguments?.text ?? '' }] };
    case 'initialize':
      return {
        protocolVersion: params?.protocolVersion ?? '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'bench-echo', version: '1.0.0' },
      };
    case 'tools/list':
      return { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] };
    case 'ping':
      return {};
    default:
      return undefined;
  }
}
