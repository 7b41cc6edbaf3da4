import { Problem } from '../../../errors.ts';
import type { OutputOf } from '../../../operations/index.ts';
import { printable } from '../format.ts';
import { type ExitCode, type Invocation, textOption } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/**
 * `ringmaster tools [SERVER]`: what can be called now, with the name clients know and the server that owns it; and what
 * cannot, with the rule that hides it. `--find` looks for tools by what they do.
 */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { words, flags, terminal } = invocation;
  const { say } = terminal;
  const view = textOption(invocation, 'view');
  const query = textOption(invocation, 'find');
  if (query !== undefined && words[0] !== undefined) {
    throw new Problem('bad_usage', say('tools.findAlone'));
  }
  const client = await reachDaemon(flags, terminal);
  const { tools } =
    query === undefined
      ? await client.ask('tool.list', { server: words[0], view })
      : await client.ask('tool.search', { query, view });
  if (terminal.json) terminal.resultJson({ tools });
  else if (tools.length === 0) {
    terminal.note(say(query === undefined ? 'tools.none' : 'tools.notFound'));
  } else show(tools, terminal);
  return 0;
}

function show(tools: OutputOf<'tool.list'>['tools'], terminal: Terminal): void {
  const { say } = terminal;
  terminal.result(
    renderTable(
      [
        { heading: say('column.tool') },
        { heading: say('column.exposedAs') },
        { heading: say('column.description') },
      ],
      tools.map(({ server, name, exposedAs, hiddenBy, description, title }) => [
        printable(`${server}.${name}`),
        printable(exposedAs ?? '-'),
        hiddenBy === undefined
          ? firstLine(description ?? title ?? '')
          : say('tools.hidden', { rule: printable(hiddenBy) }),
      ]),
      terminal.widthColumns,
    ),
  );
}

function firstLine(text: string): string {
  return printable(text.trim().split('\n', 1)[0] ?? '');
}
