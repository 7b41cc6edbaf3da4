import type { ExitCode, Invocation } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';

/** `ringmaster send-input SERVER TEXT…`: exits 1 when no process took it. */
export async function run({ words, flags, terminal }: Invocation): Promise<ExitCode> {
  const [server = '', ...text] = words;
  const client = await reachDaemon(flags, terminal);
  const { written } = await client.ask('server.sendInput', { server, text: text.join(' ') });
  if (terminal.json) terminal.resultJson({ written });
  else terminal.result(terminal.say('sendInput.done', { server, count: written }));
  return written > 0 ? 0 : 1;
}
