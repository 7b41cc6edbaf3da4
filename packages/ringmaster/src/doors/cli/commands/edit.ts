import { Problem } from '../../../errors.ts';
import { changeTable } from '../change-table.ts';
import { type ExitCode, type Invocation, isGiven } from '../invocation.ts';
import { patchOption } from '../patch-option.ts';
import { reachDaemon } from '../reach.ts';
import { tellActions } from './apply.ts';

/** `ringmaster edit SERVER --set SETTING=VALUE --unset SETTING`: writes it to the fleet file and applies it. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { words, flags, terminal } = invocation;
  const { say } = terminal;
  const [server = ''] = words;
  const patch = patchOption(invocation);
  if (patch === undefined) throw new Problem('bad_usage', say('edit.nothing', { server }));
  const dryRun = isGiven(invocation, 'dryRun');
  const client = await reachDaemon(flags, terminal);
  const answer = await client.ask('server.edit', { server, patch, dryRun });
  if (terminal.json) {
    terminal.resultJson(answer);
    return 0;
  }
  if (answer.changes.length === 0) {
    terminal.result(say('edit.same', { server }));
    return 0;
  }
  terminal.result(changeTable(answer.changes, terminal));
  tellActions(answer, terminal);
  return 0;
}
