import { resolve } from 'node:path';
import type { ExitCode, Invocation } from '../invocation.ts';
import { requireFleetFile } from '../locate.ts';

/** `ringmaster validate [FILE]`: exits 3 with every mistake, its line and column, when the file has any. */
export async function run({ words, flags, terminal }: Invocation): Promise<ExitCode> {
  const { say } = terminal;
  const named = words[0] ?? flags.file;
  const file = requireFleetFile({ file: named }, terminal);
  const { readFleet } = await import('../../../fleet/io/read-fleet.ts');
  const { fleet, notes } = await readFleet(resolve(file), { revision: 0 });
  if (terminal.json) {
    const servers = fleet.servers.map(({ name, kind, enabled }) => ({ name, kind, enabled }));
    terminal.resultJson({ file, fleet: fleet.name, servers, notes });
    return 0;
  }
  const counts = new Map<string, number>();
  for (const { kind } of fleet.servers) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
  terminal.result(
    say('validate.fine', { file, fleet: fleet.name, servers: fleet.servers.length }) +
      (kinds === '' ? '' : ` (${kinds})`),
  );
  for (const note of notes) terminal.note(say('word.note', { note }));
  return 0;
}
