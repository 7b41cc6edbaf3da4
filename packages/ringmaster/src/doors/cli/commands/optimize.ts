import { Problem } from '../../../errors.ts';
import type { OutputOf } from '../../../operations/index.ts';
import { adviceText } from '../../../reporting/document.ts';
import { wordsOf } from '../../../reporting/words.ts';
import { readPairs } from '../call-arguments.ts';
import { changeTable } from '../change-table.ts';
import type { DaemonClient } from '../client.ts';
import { formatDuration, printable } from '../format.ts';
import { hoursOption } from '../hours-option.ts';
import {
  type ExitCode,
  type Invocation,
  isGiven,
  textOption,
  textsOption,
  wholeNumber,
} from '../invocation.ts';
import { patchOption } from '../patch-option.ts';
import { reachDaemon } from '../reach.ts';
import { nothing } from '../server-words.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { tellActions } from './apply.ts';

type Suggestion = OutputOf<'advice.list'>['advice'][number];
type Measured = OutputOf<'advice.benchmark'>;
type Edited = OutputOf<'server.edit'>;

/** Two loads of 30 s, calls of 30 s at their ends, two starts of a minute each. */
const benchmarkTimeoutMs = 300_000;

/**
 * `ringmaster optimize [SERVER]`: what would change in the fleet file and why; with `--apply` it is done, with
 * `--benchmark` it is tried under a short load on one server.
 */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { words, flags, terminal } = invocation;
  const [server] = words;
  const isBenchmark = isGiven(invocation, 'benchmark');
  if (isBenchmark && server === undefined)
    throw new Problem('bad_usage', terminal.say('optimize.unknown'));
  const client = await reachDaemon(flags, terminal);
  if (isBenchmark) return benchmark(invocation, client, server ?? '');
  return suggest(invocation, client, server);
}

async function suggest(
  invocation: Invocation,
  client: DaemonClient,
  server: string | undefined,
): Promise<ExitCode> {
  const { terminal } = invocation;
  const told = await client.ask('advice.list', hoursOption(invocation));
  const advice = told.advice.filter(
    (one) => one.change !== undefined && (server === undefined || one.server === server),
  );
  const dryRun = !isGiven(invocation, 'apply');
  const edits: Edited[] = [];
  for (const one of advice) {
    const edited = await edit(client, one, dryRun).catch(refused);
    if (!(edited instanceof Problem)) edits.push(edited);
    if (!terminal.json) tell(one, edited, terminal);
  }
  if (terminal.json) terminal.resultJson({ ...told, advice, edits });
  else if (advice.length === 0) {
    const hours = Math.round((told.toMs - told.fromMs) / 3_600_000);
    terminal.result(terminal.say('optimize.none', { hours }));
    const little = told.advice.find(({ kind }) => kind === 'tooLittle');
    if (little !== undefined) terminal.result(adviceText(little, wordsOf(terminal.language)));
  }
  return 0;
}

function edit(client: DaemonClient, { server = '', change }: Suggestion, dryRun: boolean) {
  return client.ask('server.edit', { server, patch: change?.patch ?? {}, dryRun });
}

/** What the rest of the fleet file does not allow is told, and the next suggestion follows. */
function refused(error: unknown): Problem {
  if (error instanceof Problem && error.row.family === 'invalid') return error;
  throw error;
}

function tell(one: Suggestion, edited: Edited | Problem, terminal: Terminal): void {
  terminal.result(adviceText(one, wordsOf(terminal.language)));
  if (edited instanceof Problem) return terminal.note(edited.message);
  terminal.result(changeTable(edited.changes, terminal));
  tellActions(edited, terminal);
  if (edited.applied) tellUndo(one.server ?? '', edited.changes, terminal);
}

function tellUndo(server: string, changes: Edited['changes'], terminal: Terminal): void {
  const options = changes.map(({ setting, before }) =>
    before === undefined ? `--unset ${setting}` : `--set ${setting}=${before}`,
  );
  terminal.note(terminal.say('optimize.undo', { server, options: options.join(' ') }));
}

async function benchmark(
  invocation: Invocation,
  client: DaemonClient,
  server: string,
): Promise<ExitCode> {
  const { terminal } = invocation;
  const patch = patchOption(invocation);
  const tool = textOption(invocation, 'tool');
  const seconds = countOption(invocation, 'seconds', 30);
  const concurrency = countOption(invocation, 'concurrency', 32);
  const keep = isGiven(invocation, 'keep');
  const measured = await client.ask(
    'advice.benchmark',
    {
      ...{ server, keep, arguments: argumentsOf(invocation) },
      ...(patch === undefined ? {} : { patch }),
      ...(tool === undefined ? {} : { tool }),
      ...(seconds === undefined ? {} : { durationMs: seconds * 1_000 }),
      ...(concurrency === undefined ? {} : { concurrency }),
    },
    { timeoutMs: benchmarkTimeoutMs },
  );
  if (terminal.json) terminal.resultJson(measured);
  else tellMeasured(measured, terminal);
  return 0;
}

function tellMeasured(measured: Measured, terminal: Terminal): void {
  const { say, language } = terminal;
  const { server, before, after, changes, kept, revision } = measured;
  const time = (value: number | undefined) =>
    value === undefined ? nothing : formatDuration(value, language);
  const rows = [['optimize.before', before] as const, ['optimize.after', after] as const];
  if (changes.length > 0) terminal.result(changeTable(changes, terminal));
  terminal.result(
    renderTable(
      [
        { heading: say('column.load') },
        { heading: say('column.calls'), align: 'right' },
        { heading: say('column.perSecond'), align: 'right' },
        ...['p50', 'p95', 'max'].map((heading) => ({ heading, align: 'right' as const })),
      ],
      rows.flatMap(([name, load]) =>
        load === undefined
          ? []
          : [
              [
                ...[say(name), `${load.calls}/${load.failed}`, String(load.callsPerSecond)],
                ...[time(load.p50Ms), time(load.p95Ms), time(load.maxMs)],
              ],
            ],
      ),
      terminal.widthColumns,
    ),
  );
  if (after === undefined) terminal.note(say('optimize.nothing'));
  else terminal.note(say(kept ? 'optimize.kept' : 'optimize.restored', { revision }));
  if (kept) tellUndo(server, changes, terminal);
}

function countOption(invocation: Invocation, name: string, max: number): number | undefined {
  const text = textOption(invocation, name);
  if (text === undefined) return undefined;
  return wholeNumber({ flag: `--${name}`, text }, { min: 1, max }, invocation.terminal);
}

function argumentsOf(invocation: Invocation): Readonly<Record<string, unknown>> {
  const read = readPairs(textsOption(invocation, 'arg'), undefined);
  if (read.kind === 'read') return read.values;
  const { say } = invocation.terminal;
  throw new Problem('bad_usage', say('edit.badPair', { pair: printable(read.pair) }));
}
