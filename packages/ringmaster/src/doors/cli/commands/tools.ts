import { printable } from '../format.ts';
import type { ExitCode, Invocation } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { renderTable } from '../table.ts';

/** `ringmaster tools [SERVER]`: what can be called now, with the name at `/mcp` and the server that owns it. */
export async function run({ words, flags, terminal }: Invocation): Promise<ExitCode> {
  const { say } = terminal;
  const client = await reachDaemon(flags, terminal);
  const { tools } = await client.ask('tool.list', { server: words[0] });
  if (terminal.json) {
    terminal.resultJson({ tools });
    return 0;
  }
  if (tools.length === 0) {
    terminal.note(say('tools.none'));
    return 0;
  }
  terminal.result(
    renderTable(
      [
        { heading: say('column.tool') },
        { heading: say('column.exposedAs') },
        { heading: say('column.description') },
      ],
      tools.map((tool) => [
        `${tool.server}.${tool.name}`,
        tool.exposedAs,
        firstLine(tool.description ?? tool.title ?? ''),
      ]),
      terminal.widthColumns,
    ),
  );
  return 0;
}

function firstLine(text: string): string {
  return printable(text.trim().split('\n', 1)[0] ?? '');
}
