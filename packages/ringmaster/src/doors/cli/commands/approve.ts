import type { ExitCode, Invocation } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';

/** `ringmaster approve SERVER…`: lets changed servers run what they would run now. */
export async function run({ words, flags, terminal }: Invocation): Promise<ExitCode> {
  const client = await reachDaemon(flags, terminal);
  const { approved } = await client.ask('server.approve', { servers: [...words] });
  if (terminal.json) terminal.resultJson({ approved });
  for (const { server, command, args } of terminal.json ? [] : approved) {
    const runs = [command, ...args].join(' ');
    terminal.result(terminal.say('approve.done', { server, command: runs }));
  }
  return 0;
}
