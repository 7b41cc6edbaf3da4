import type { AskedOf } from '../../../operations/index.ts';
import type { ExitCode, Invocation } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';

/** `ringmaster signal SERVER NAME`: `HUP` and `SIGHUP` mean the same; exits 1 when no process took it. */
export async function run({ words, flags, terminal }: Invocation): Promise<ExitCode> {
  const [server = '', name = ''] = words;
  const upper = name.toUpperCase();
  const signal = upper.startsWith('SIG') ? upper : `SIG${upper}`;
  const client = await reachDaemon(flags, terminal);
  // The daemon knows which signals there are, and says so.
  const asked = { server, signal } as AskedOf<'server.signal'>;
  const { signalled } = await client.ask('server.signal', asked);
  if (terminal.json) terminal.resultJson({ signalled });
  else terminal.result(terminal.say('signal.sent', { signal, server, count: signalled }));
  return signalled > 0 ? 0 : 1;
}
