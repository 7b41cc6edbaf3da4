/**
 * Shows what came through, to the last digit: `say` answers with the JSON text it is given as its result, `heard` with
 * the line that asked for it. `--modern`: the stateless era only.
 */
import { hasArgument } from './arguments.ts';
import { readLines, writeLine } from './line-server.ts';
import { createMcp, type Message } from './mcp.ts';

const mcp = createMcp({
  name: 'mirror',
  eras: hasArgument('modern') ? 'modern' : 'legacy',
  tools: [
    { name: 'say', run: () => '' },
    { name: 'heard', run: () => '' },
  ],
});

readLines(
  (line) => {
    const message = JSON.parse(line) as Message;
    if (message.method !== 'tools/call') return mcp.receive(message, writeLine);
    const { name, arguments: args } = message.params as {
      readonly name: string;
      readonly arguments: { readonly text: string };
    };
    const heard = { resultType: 'complete', content: [{ type: 'text', text: line }] };
    const result = name === 'say' ? args.text : JSON.stringify(heard);
    process.stdout.write(`{"jsonrpc":"2.0","id":${message.id},"result":${result}}\n`);
  },
  () => process.exit(0),
);
