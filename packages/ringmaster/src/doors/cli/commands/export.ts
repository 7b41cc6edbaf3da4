import { Problem } from '../../../errors.ts';
import { sayWhy } from '../../../japanese/say-why.ts';
import { thisMachine } from '../client-machine.ts';
import { type ExitCode, type Invocation, isGiven, textOption } from '../invocation.ts';
import { requireFleetFile } from '../locate.ts';
import { binPath } from '../own-command.ts';
import type { Terminal } from '../terminal.ts';

type ExportReport = import('../../../fleet/io/export-clients.ts').ExportReport;

/** `ringmaster export --client NAME`: enters us in a client's own configuration, and nothing else in it changes. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal } = invocation;
  const { clientNames, isClientName } = await import('../../../fleet/clients/index.ts');
  const client = textOption(invocation, 'client') ?? '';
  if (!isClientName(client)) {
    const known = clientNames.join(', ');
    throw new Problem('bad_usage', terminal.say('export.client', { found: client, known }));
  }
  const file = requireFleetFile(flags, terminal);
  const [{ readFleet }, { exportClient }] = await Promise.all([
    import('../../../fleet/io/read-fleet.ts'),
    import('../../../fleet/io/export-clients.ts'),
  ]);
  const { fleet } = await readFleet(file, { revision: 0 });
  const isDryRun = isGiven(invocation, 'dryRun');
  const report = await exportClient({
    client,
    path: textOption(invocation, 'path'),
    what: isGiven(invocation, 'servers') ? 'servers' : 'gateway',
    existing: isGiven(invocation, 'replace') ? 'replace' : 'keep',
    fleet,
    gateway: {
      url: `http://${fleet.listen.host}:${flags.port ?? fleet.listen.port}/mcp`,
      connect: { command: process.execPath, args: connectArguments(file, flags.dataDir) },
    },
    machine: thisMachine(terminal),
    mode: isDryRun ? 'plan' : 'write',
  });
  if (terminal.json) terminal.resultJson(report);
  else tell(report, isDryRun, terminal);
  return 0;
}

/**
 * Whole paths, because a client with a window of its own has neither our working directory nor our PATH; `--up`,
 * because nobody is there to start the daemon first.
 */
function connectArguments(file: string, dataDir: string | undefined): readonly string[] {
  const where = dataDir === undefined ? [] : ['--data-dir', dataDir];
  return [binPath(), 'connect', '--up', '--file', file, ...where];
}

function tell(report: ExportReport, isDryRun: boolean, terminal: Terminal): void {
  const { say } = terminal;
  const { file, backup } = report;
  for (const { server, why } of report.skipped) {
    terminal.note(say('import.skipped', { server, why: sayWhy(why, terminal.language) }));
  }
  for (const note of report.notes) terminal.note(say('word.note', { note }));
  if (!report.isChanged) terminal.result(say('export.unchanged', { file }));
  else if (isDryRun) {
    terminal.note(say('export.wouldAdd', { file }));
    terminal.result(report.addition.trimEnd());
  } else {
    terminal.result(say('export.written', { file, names: report.written.join(', ') }));
    if (backup !== undefined) terminal.note(say('export.backup', { file: backup }));
  }
}
