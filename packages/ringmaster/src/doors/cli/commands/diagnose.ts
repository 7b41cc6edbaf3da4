import { printable } from '../format.ts';
import type { ExitCode, Invocation } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';

/** `ringmaster diagnose SERVER`: exits 0 when nothing is amiss or it was stopped as asked, else 1. */
export async function run({ words, flags, terminal }: Invocation): Promise<ExitCode> {
  const { say, paint, language } = terminal;
  const client = await reachDaemon(flags, terminal);
  const found = await client.ask('server.diagnose', { server: words[0] ?? '', language });
  if (terminal.json) terminal.resultJson(found);
  else {
    const { server, state, cause, told, certainty } = found;
    terminal.result(`${paint.bold(server)} ${say(`state.${state}`)}: ${printable(told)}`);
    terminal.result(`${cause} (${say(`diagnose.${certainty}`)})`);
    for (const [heading, lines] of [
      [say('diagnose.evidence'), found.evidence],
      [say('diagnose.next'), found.next],
    ] as const) {
      if (lines.length > 0) terminal.result(`${heading}:`);
      for (const line of lines) terminal.result(`  ${printable(line)}`);
    }
    terminal.result(found.done);
  }
  return found.cause === 'nothing' || found.cause === 'stoppedAsAsked' ? 0 : 1;
}
