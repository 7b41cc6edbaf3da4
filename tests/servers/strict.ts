/** Takes each line of its input for JSON, as small servers written by hand do: any other line ends it. */
import { createInterface } from 'node:readline';
import { echoTools } from './echo-tools.ts';
import { writeLine } from './line-server.ts';
import { createMcp, type Message } from './mcp.ts';

const mcp = createMcp({ name: 'strict', tools: echoTools });

createInterface({ input: process.stdin })
  .on('line', (line) => mcp.receive(JSON.parse(line) as Message, writeLine))
  .on('close', () => process.exit(0));
