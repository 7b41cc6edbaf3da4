import { sayWhy } from '../../../japanese/say-why.ts';
import type { OutputOf } from '../../../operations/index.ts';
import { type ExitCode, type Invocation, isGiven } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** Applying waits until the servers it stops are gone. */
const applyTimeoutMs = 2 * 3_600_000;

/** `ringmaster apply [--dry-run]`: reads the fleet file again; prints what is done to which server, and why. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal } = invocation;
  const client = await reachDaemon(flags, terminal);
  const answer = await client.ask(
    'fleet.apply',
    { dryRun: isGiven(invocation, 'dryRun') },
    { timeoutMs: applyTimeoutMs },
  );
  if (terminal.json) terminal.resultJson(answer);
  else tellActions(answer, terminal);
  return 0;
}

/** What is done to which server and why, as a table. */
export function tellActions(answer: OutputOf<'fleet.apply'>, terminal: Terminal): void {
  const { say } = terminal;
  if (answer.actions.length === 0) terminal.result(say('apply.nothing'));
  else {
    terminal.result(
      renderTable(
        [
          { heading: say('column.action') },
          { heading: say('column.server') },
          { heading: say('column.why') },
        ],
        answer.actions.map(({ action, server, why }) => [
          say(`action.${action}`),
          server,
          sayWhy(why, terminal.language),
        ]),
        terminal.widthColumns,
      ),
    );
  }
  const { revision } = answer;
  terminal.note(say(answer.applied ? 'apply.applied' : 'apply.notApplied', { revision }));
}
