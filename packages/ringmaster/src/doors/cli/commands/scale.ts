import { type ExitCode, type Invocation, wholeNumber } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { isUnhealthy } from '../server-words.ts';
import { statusTable } from './status.ts';

/** Longest drain, grace and start that a fleet file allows, one after the other. */
const settleTimeoutMs = 3 * 3_600_000;

/** `ringmaster scale SERVER COUNT`, or `auto` instead of a number: exits 1 when an instance did not get ready. */
export async function run({ words, flags, terminal }: Invocation): Promise<ExitCode> {
  const [server = '', text = ''] = words;
  const count =
    text === 'auto' ? 'auto' : wholeNumber({ flag: 'COUNT', text }, { min: 1, max: 64 }, terminal);
  const client = await reachDaemon(flags, terminal);
  terminal.detail(terminal.say('doing.server.scale', { servers: server, count: text }));
  const { servers } = await client.ask(
    'server.scale',
    { server, count },
    { timeoutMs: settleTimeoutMs },
  );
  if (terminal.json) terminal.resultJson({ servers });
  else terminal.result(statusTable(servers, terminal));
  return servers.some(isUnhealthy) ? 1 : 0;
}
