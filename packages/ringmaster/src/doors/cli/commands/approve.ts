import type { OutputOf } from '../../../operations/index.ts';
import type { DaemonClient } from '../client.ts';
import { printable } from '../format.ts';
import type { ExitCode, Invocation } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import type { Terminal } from '../terminal.ts';

/** `ringmaster approve [SERVER…]`: lets changed servers run what they would run now; without names, tells which wait. */
export async function run({ words, flags, terminal }: Invocation): Promise<ExitCode> {
  const client = await reachDaemon(flags, terminal);
  if (words.length === 0) return list(client, terminal);
  const { approved } = await client.ask('server.approve', { servers: [...words] });
  if (terminal.json) terminal.resultJson({ approved });
  for (const { server, command, args } of terminal.json ? [] : approved) {
    const runs = [command, ...args].join(' ');
    terminal.result(terminal.say('approve.done', { server, command: runs }));
  }
  return 0;
}

/** Exits 1 while something waits. */
async function list(client: DaemonClient, terminal: Terminal): Promise<ExitCode> {
  const told = await client.ask('approval.list', {});
  if (terminal.json) terminal.resultJson(told);
  else if (told.waiting.length === 0) terminal.result(terminal.say('approve.none'));
  else for (const one of told.waiting) terminal.result(sentence(one, terminal));
  return told.waiting.length === 0 ? 0 : 1;
}

function sentence(one: OutputOf<'approval.list'>['waiting'][number], { say }: Terminal): string {
  const { server, why, now, changed } = one;
  const command = printable([now.command, ...now.args].join(' '));
  const fields = changed.join(', ') || '-';
  return say(why === 'new' ? 'approve.waitsNew' : 'approve.waits', { server, command, fields });
}
