/** Returns the arguments of `same` in the very digits they came in, as structured content. `--modern`: both eras. */
import { hasArgument } from './arguments.ts';
import { readLines, writeLine } from './line-server.ts';
import { createMcp, type Message } from './mcp.ts';

const mcp = createMcp({
  name: 'exact',
  eras: hasArgument('modern') ? 'both' : 'legacy',
  tools: [{ name: 'same', run: () => '' }],
});

readLines(
  (line) => {
    const message = JSON.parse(line) as Message;
    if (message.method !== 'tools/call') mcp.receive(message, writeLine);
    else {
      const digits = /"arguments":(\{[^}]*\})/.exec(line)?.[1];
      const result = `{"resultType":"complete","content":[],"structuredContent":${digits}}`;
      process.stdout.write(`{"jsonrpc":"2.0","id":${message.id},"result":${result}}\n`);
    }
  },
  () => process.exit(0),
);
