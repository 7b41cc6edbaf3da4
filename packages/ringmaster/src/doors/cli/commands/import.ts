import { basename, dirname, resolve } from 'node:path';
import { sayWhy } from '../../../japanese/say-why.ts';
import { thisMachine } from '../client-machine.ts';
import { type ExitCode, type Invocation, isGiven, textsOption } from '../invocation.ts';
import { findFleetFile, fleetFileNames } from '../locate.ts';
import type { Terminal } from '../terminal.ts';
import { fleetNameFor } from './init.ts';

type ImportReport = import('../../../fleet/io/import-clients.ts').ImportReport;

/** `ringmaster import`: takes servers over into the fleet file; what clients have stays as it is. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal } = invocation;
  const isDryRun = isGiven(invocation, 'dryRun');
  const fleetFile =
    flags.file === undefined
      ? (findFleetFile(flags, terminal) ?? resolve(terminal.cwd, fleetFileNames[0]))
      : resolve(terminal.cwd, flags.file);
  const { importClients } = await import('../../../fleet/io/import-clients.ts');
  const report = await importClients({
    from: textsOption(invocation, 'from'),
    fleetFile,
    fleetName: fleetNameFor(basename(dirname(fleetFile))),
    machine: thisMachine(terminal),
    mode: isDryRun ? 'plan' : 'write',
  });
  if (terminal.json) terminal.resultJson(report);
  else tell(report, isDryRun, terminal);
  return 0;
}

function tell(report: ImportReport, isDryRun: boolean, terminal: Terminal): void {
  const { say } = terminal;
  if (report.files.length === 0) {
    terminal.result(say('import.nothing'));
    return;
  }
  for (const { client, file, servers, notes } of report.files) {
    terminal.result(
      say('import.read', { client, file, servers: servers.join(', ') || say('import.none') }),
    );
    for (const note of notes) terminal.note(`  ${say('word.note', { note })}`);
  }
  for (const { server, why } of report.skipped) {
    terminal.note(say('import.skipped', { server, why: sayWhy(why, terminal.language) }));
  }
  if (report.variables.length > 0) {
    const { variablesFile: file, variables } = report;
    terminal.result(
      say(isDryRun ? 'import.wouldMove' : 'import.moved', { file, names: variables.join(', ') }),
    );
  }
  const { fleetFile: file, added } = report;
  if (!report.isChanged) terminal.result(say('import.unchanged', { file }));
  else if (!isDryRun) terminal.result(say('import.written', { file, count: added.length }));
  else {
    terminal.note(say('word.wouldWrite', { file }));
    terminal.result(report.text.trimEnd());
  }
}
