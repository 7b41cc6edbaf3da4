/** Never answers. `--handshake`: answers everything except tool calls; `--ping`: falls silent for `ping` only. */
import { hasArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { serveLines } from './line-server.ts';
import type { Message } from './mcp.ts';

serveLines({ name: 'silent', tools: echoTools, before: isAnswered });

function isAnswered(message: Message): boolean {
  if (hasArgument('ping')) return message.method !== 'ping';
  return hasArgument('handshake') && message.method !== 'tools/call';
}
