import type { ExitCode, Invocation } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';

/** The daemon may wait for the authorization server before it answers. */
const endTimeoutMs = 60_000;

/** `ringmaster logout SERVER`: the daemon forgets its tokens. */
export async function run({ words, flags, terminal }: Invocation): Promise<ExitCode> {
  const [server = ''] = words;
  const client = await reachDaemon(flags, terminal);
  const { ended } = await client.ask('server.logout', { server }, { timeoutMs: endTimeoutMs });
  if (terminal.json) terminal.resultJson({ server, ended });
  else terminal.result(terminal.say(ended ? 'logout.done' : 'logout.nobody', { server }));
  return 0;
}
