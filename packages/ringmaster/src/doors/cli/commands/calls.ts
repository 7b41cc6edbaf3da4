import { sayWhy } from '../../../japanese/say-why.ts';
import type { OutputOf } from '../../../operations/index.ts';
import { formatDuration, formatTime, localOffsetMinutes, printable } from '../format.ts';
import { type ExitCode, type Invocation, isGiven, textOption } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** Most calls the daemon gives in one answer. */
const countMax = 500;

/** `ringmaster calls [SERVER]`: calls that ended, newest first. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { words, flags, terminal } = invocation;
  const client = await reachDaemon(flags, terminal);
  const answer = await client.ask('call.list', {
    server: words[0],
    rangeMs: textOption(invocation, 'since') ?? '1h',
    limit: countMax,
    ...(isGiven(invocation, 'failed') ? { outcome: 'notOk' } : {}),
  });
  if (terminal.json) terminal.resultJson(answer);
  else terminal.result(callTable(answer.calls, terminal));
  return 0;
}

function callTable(calls: OutputOf<'call.list'>['calls'], terminal: Terminal): string {
  const { say, language } = terminal;
  if (calls.length === 0) return say('calls.none');
  return renderTable(
    [
      { heading: say('column.call'), align: 'right' },
      { heading: say('column.started') },
      { heading: say('column.took'), align: 'right' },
      { heading: say('column.result') },
      { heading: say('column.server') },
      { heading: say('column.client') },
      { heading: say('column.what') },
    ],
    calls.map((call) => [
      String(call.id),
      formatTime(call.startedAtMs, localOffsetMinutes(call.startedAtMs)),
      formatDuration(call.tookMs, language),
      say(`call.${call.outcome}`),
      call.server,
      printable(call.client ?? '-'),
      printable(
        [call.name ?? call.method, call.why && sayWhy(call.why, language)]
          .filter(Boolean)
          .join(': '),
      ),
    ]),
    terminal.widthColumns,
  );
}
