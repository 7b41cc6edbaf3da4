import { type Call, noAnswer, type Tool } from './mcp.ts';

/** The tools that most test servers offer: a value back, a wait, a sum, and a look at the process itself. */
export const echoTools: readonly Tool[] = [
  {
    name: 'echo',
    description: 'Returns the text',
    inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
    run: (call) => String(call.arguments['text'] ?? ''),
  },
  {
    name: 'slow',
    description: 'Returns the text after ms milliseconds; stops when cancelled',
    inputSchema: {
      type: 'object',
      properties: { ms: { type: 'number' }, text: { type: 'string' } },
    },
    run: slow,
  },
  {
    name: 'add',
    description: 'Returns a + b',
    inputSchema: {
      type: 'object',
      properties: { a: { type: 'number' }, b: { type: 'number' } },
      required: ['a', 'b'],
    },
    run: (call) => String(Number(call.arguments['a']) + Number(call.arguments['b'])),
  },
  {
    name: 'env',
    description: 'Returns the value of an environment variable',
    run: (call) => process.env[String(call.arguments['name'])] ?? '',
  },
  { name: 'cwd', description: 'Returns the working directory', run: () => process.cwd() },
  { name: 'pid', description: 'Returns the process id', run: () => String(process.pid) },
  {
    name: 'big',
    description: 'Returns a text of so many bytes',
    run: (call) => 'x'.repeat(Number(call.arguments['bytes'] ?? 1_000)),
  },
  {
    name: 'log',
    description: 'Writes the text to stderr as one line',
    run: (call) => {
      process.stderr.write(`${String(call.arguments['text'] ?? '')}\n`);
      return 'logged';
    },
  },
  {
    name: 'refuse',
    description: 'Answers with isError',
    run: () => ({ content: [{ type: 'text', text: 'refused' }], isError: true }),
  },
];

function slow(call: Call): Promise<unknown> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve(String(call.arguments['text'] ?? 'slow')),
      Number(call.arguments['ms'] ?? 100),
    );
    call.onCancel(() => {
      clearTimeout(timer);
      resolve(noAnswer);
    });
  });
}
