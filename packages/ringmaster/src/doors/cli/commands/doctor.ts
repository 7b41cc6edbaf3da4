import { join } from 'node:path';
import {
  checkClock,
  checkDataDir,
  checkDisk,
  checkNode,
  checkPipes,
  type Finding,
  type Verdict,
} from '../checkup.ts';
import { checkCommands, checkLimits } from '../checkup-commands.ts';
import {
  checkDaemon,
  checkFleet,
  checkGuardian,
  checkLeftovers,
  checkPorts,
} from '../checkup-daemon.ts';
import { type ExitCode, type Invocation, isGiven } from '../invocation.ts';
import { findDataDir, findFleetFile, stateFolder } from '../locate.ts';
import { careForOrphans, lookForOrphans, memoryOf } from '../orphan-care.ts';
import { padColumns, widestColumns } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** `ringmaster doctor`: looks at everything a daemon needs; with `--orphans`, for servers nobody supervises. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal } = invocation;
  const dataDir = await dataDirFor(invocation);
  const orphans = () => lookForOrphans({ flags, dataDir }, terminal);
  if (isGiven(invocation, 'orphans')) {
    return careForOrphans(await orphans(), { yes: isGiven(invocation, 'yes') }, terminal);
  }
  const { finding: fleetFinding, fleet } = await checkFleet(flags, terminal);
  const findings: Finding[] = [
    checkNode(terminal),
    checkPipes(dataDir, terminal),
    fleetFinding,
    checkCommands(fleet, terminal),
    checkDataDir(dataDir, terminal),
    checkDisk(dataDir, terminal),
    checkClock(dataDir, terminal),
    checkLimits(fleet, terminal),
    await checkPorts({ dataDir, port: flags.port, fleet }, terminal),
    await checkDaemon(dataDir, terminal),
    await checkGuardian(dataDir, terminal),
    await checkLeftovers(dataDir, terminal),
    orphanFinding(await orphans(), terminal),
  ];
  const count = (verdict: Verdict) => findings.filter((one) => one.verdict === verdict).length;
  const totals = { pass: count('pass'), warn: count('warn'), fail: count('fail') };
  if (terminal.json) terminal.resultJson({ checks: findings, ...totals });
  else {
    terminal.result(table(findings, terminal));
    const colour = totals.fail > 0 ? 'red' : totals.warn > 0 ? 'yellow' : 'green';
    terminal.result(`\n${terminal.paint[colour](terminal.say('doctor.totals', totals))}`);
  }
  return totals.fail === 0 ? 0 : 1;
}

/** The data folder that is meant; a fleet file that cannot be read has none, which must not end the check-up. */
async function dataDirFor({ flags, terminal }: Invocation): Promise<string> {
  if (flags.dataDir !== undefined) return findDataDir(flags, '', terminal);
  try {
    const file = findFleetFile(flags, terminal);
    if (file !== undefined) return await findDataDir(flags, file, terminal);
  } catch {
    // What is wrong with the file is one of the findings.
  }
  return join(stateFolder(terminal), 'default');
}

function orphanFinding(orphans: Parameters<typeof memoryOf>[0], { say }: Terminal): Finding {
  if (orphans.length === 0) {
    return { check: 'orphans', verdict: 'pass', found: say('doctor.orphans.none') };
  }
  const found = say('doctor.orphans.some', { count: orphans.length, memory: memoryOf(orphans) });
  return { check: 'orphans', verdict: 'warn', found, hint: say('doctor.orphans.hint') };
}

const looks = {
  pass: { glyph: '●', colour: 'green' },
  warn: { glyph: '▲', colour: 'yellow' },
  fail: { glyph: '✗', colour: 'red' },
} as const;

function table(findings: readonly Finding[], { say, paint }: Terminal): string {
  const words = findings.map(
    ({ verdict }) => `${looks[verdict].glyph} ${say(`verdict.${verdict}`)}`,
  );
  const labels = findings.map(({ check }) => say(`check.${check}`));
  const [wordColumns, labelColumns] = [widestColumns(words), widestColumns(labels)];
  const indent = ' '.repeat(wordColumns + labelColumns + 6);
  return findings
    .map(({ verdict, found, hint }, at) => {
      const word = paint[looks[verdict].colour](padColumns(words[at] ?? '', wordColumns));
      const lines = [...found.split('\n'), ...(hint?.split('\n').map((line) => `→ ${line}`) ?? [])];
      const label = padColumns(labels[at] ?? '', labelColumns);
      return `  ${word}  ${label}  ${lines.join(`\n${indent}`)}`;
    })
    .join('\n');
}
