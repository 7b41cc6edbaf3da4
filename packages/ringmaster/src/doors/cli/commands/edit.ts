import { Problem } from '../../../errors.ts';
import { readPairs } from '../call-arguments.ts';
import { type ExitCode, type Invocation, isGiven, textsOption } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { renderTable } from '../table.ts';
import { tellActions } from './apply.ts';

/** `ringmaster edit SERVER --set SETTING=VALUE --unset SETTING`: writes it to the fleet file and applies it. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { words, flags, terminal } = invocation;
  const { say } = terminal;
  const [server = ''] = words;
  const patch = patchOf(invocation, server);
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
  const headings = ['setting', 'before', 'after'] as const;
  terminal.result(
    renderTable(
      headings.map((name) => ({ heading: say(`column.${name}`) })),
      answer.changes.map(({ setting, before = '-', after = '-' }) => [setting, before, after]),
      terminal.widthColumns,
    ),
  );
  tellActions(answer, terminal);
  return 0;
}

/** `a.b=1` and `c` to take out as `{ a: { b: 1 }, c: null }`. */
function patchOf(invocation: Invocation, server: string): Record<string, unknown> {
  const { say } = invocation.terminal;
  const read = readPairs(textsOption(invocation, 'set'), undefined);
  if (read.kind === 'refused')
    throw new Problem('bad_usage', say('edit.badPair', { pair: read.pair }));
  const wanted: [string, unknown][] = [
    ...Object.entries(read.values),
    ...textsOption(invocation, 'unset').map((path): [string, unknown] => [path, null]),
  ];
  if (wanted.length === 0) throw new Problem('bad_usage', say('edit.nothing', { server }));
  const patch: Record<string, unknown> = {};
  for (const [path, value] of wanted) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let section = patch;
    for (const name of names) {
      const below = Object.hasOwn(section, name) ? section[name] : undefined;
      const next = typeof below === 'object' && below !== null ? below : {};
      section[name] = next;
      section = next as Record<string, unknown>;
    }
    section[last] = value;
  }
  return patch;
}
