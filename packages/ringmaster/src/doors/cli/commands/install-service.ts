import { userInfo } from 'node:os';
import { seeDaemon } from '../daemon-record.ts';
import { type ExitCode, type Invocation, isGiven } from '../invocation.ts';
import { wantedService } from '../service-wish.ts';
import type { Terminal } from '../terminal.ts';
import { lookEveryMs, pause } from '../wait.ts';

type ServiceReport = import('../../../supervisor/io/service-manager.ts').ServiceReport;

/** `ringmaster install-service`: lets systemd or launchd keep the daemon of this fleet running. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { terminal } = invocation;
  const { say } = terminal;
  const { plan, wish, dataDir } = await wantedService(invocation);
  const { installService, isActive, isLingering, textOf } = await import(
    '../../../supervisor/io/service-manager.ts'
  );
  const seen = seeDaemon(dataDir);
  const start = seen.kind !== 'running';
  const user = userInfo().username;
  const waitsForLogin =
    wish.scope === 'user' && plan.manager === 'systemd' && !(await isLingering(user));
  const notes = [
    ...(wish.scope === 'system' && wish.user === undefined ? [say('service.asRoot')] : []),
    ...(waitsForLogin
      ? [say('service.linger', { command: `loginctl enable-linger ${user}` })]
      : []),
  ];
  if (isGiven(invocation, 'dryRun')) {
    const commands = [...plan.enable, ...(start ? plan.start : [])].map(textOf);
    if (terminal.json) terminal.resultJson({ file: plan.file, text: plan.text, commands, notes });
    else {
      terminal.note(say('word.wouldWrite', { file: plan.file }));
      terminal.result(plan.text.trimEnd());
      terminal.note(say('service.wouldRun'));
      for (const command of commands) terminal.note(`  ${command}`);
      tellNotes(notes, terminal);
    }
    return 0;
  }
  const report = await installService(plan, { start });
  if (seen.kind === 'running' && !isSupervised(report)) {
    const command = plan.start.map(textOf).join(' && ');
    notes.unshift(say('service.running', { pid: seen.record.pid, dataDir, command }));
  }
  const isStarted = start && report.left.length === 0;
  const isUp = isStarted ? await comesUp(dataDir, () => isActive(plan)) : !start;
  if (terminal.json) terminal.resultJson({ ...report, isUp, notes });
  else {
    tellService(report, terminal);
    if (isStarted && isUp) terminal.note(say('service.up', { dataDir }));
    else if (isStarted) {
      const command = textOf(plan.words);
      terminal.result(terminal.paint.yellow(say('service.notUp', { command })));
    }
    tellNotes(notes, terminal);
  }
  return report.left.length === 0 && isUp ? 0 : 1;
}

/** How long a daemon may take to serve its data folder; its manager tells no more than that a program was begun. */
const upMaxMs = 20_000;

/** Whether the daemon that was started is there; no, as soon as its manager says that it ended. */
async function comesUp(dataDir: string, isActive: () => Promise<boolean>): Promise<boolean> {
  const giveUpAtMs = performance.now() + upMaxMs;
  while (seeDaemon(dataDir).kind !== 'running') {
    if (performance.now() > giveUpAtMs || !(await isActive())) return false;
    await pause(lookEveryMs);
  }
  return true;
}

/** What was done to a service, and what a person has to do. */
export function tellService(report: ServiceReport, terminal: Terminal): void {
  const { say } = terminal;
  const { file, change, done, left, why } = report;
  terminal.result(say(`service.${change}`, { file }));
  for (const command of done) terminal.note(say('service.done', { command }));
  if (left.length === 0) return;
  terminal.result(terminal.paint.yellow(say('service.left', { why: why ?? '' })));
  for (const command of left) terminal.result(`  ${command}`);
}

/** Installing again while the service runs its own daemon needs no word about that daemon. */
function isSupervised({ change, left }: ServiceReport): boolean {
  return change === 'unchanged' && left.length === 0;
}

function tellNotes(notes: readonly string[], terminal: Terminal): void {
  for (const note of notes) terminal.note(terminal.say('word.note', { note }));
}
