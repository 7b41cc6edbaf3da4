import { type ExitCode, type Invocation, isGiven } from '../invocation.ts';
import { installedService } from '../service-wish.ts';
import { tellService } from './install-service.ts';

/** `ringmaster uninstall-service`: stops the service of this fleet and removes it; nothing else is removed. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { terminal } = invocation;
  const steps = await installedService(invocation);
  const { textOf, uninstallService } = await import('../../../supervisor/io/service-manager.ts');
  if (isGiven(invocation, 'dryRun')) {
    const commands = [...steps.disable, ...steps.forget].map(textOf);
    if (terminal.json) terminal.resultJson({ file: steps.file, commands });
    else {
      terminal.note(terminal.say('service.wouldRun'));
      for (const command of commands) terminal.result(`  ${command}`);
    }
    return 0;
  }
  const report = await uninstallService(steps);
  if (terminal.json) terminal.resultJson(report);
  else tellService(report, terminal);
  return report.left.length === 0 ? 0 : 1;
}
