/** Answers every call with a result that has `content` twice, first `hidden` and then `seen`. */
import { readLines, writeLine } from './line-server.ts';
import { createMcp, type Message } from './mcp.ts';

const mcp = createMcp({ name: 'twice', tools: [{ name: 'tell', run: () => '' }] });

readLines(
  (line) => {
    const message = JSON.parse(line) as Message;
    if (message.method !== 'tools/call') mcp.receive(message, writeLine);
    else {
      const [first, last] = ['hidden', 'seen'].map(
        (text) => `"content":[{"type":"text","text":"${text}"}]`,
      );
      const id = JSON.stringify(message.id);
      process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":{${first},${last}}}\n`);
    }
  },
  () => process.exit(0),
);
