/**
 * Never answers. `--handshake`: answers everything except tool calls; `--ping`: falls silent for `ping` only;
 * `--until-initialize`: answers from that on.
 */
import { hasArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { serveLines } from './line-server.ts';
import type { Message } from './mcp.ts';

let isBegun = false;

serveLines({ name: 'silent', tools: echoTools, before: isAnswered });

function isAnswered(message: Message): boolean {
  isBegun ||= message.method === 'initialize';
  if (hasArgument('until-initialize')) return isBegun;
  if (hasArgument('ping')) return message.method !== 'ping';
  return hasArgument('handshake') && message.method !== 'tools/call';
}
