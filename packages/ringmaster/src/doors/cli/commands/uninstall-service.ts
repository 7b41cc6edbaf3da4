import { type ExitCode, type Invocation, isGiven } from '../invocation.ts';
import { wantedService } from '../service-wish.ts';
import { tellService } from './install-service.ts';

/** `ringmaster uninstall-service`: stops the service of this fleet and removes it; nothing else is removed. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { terminal } = invocation;
  const { plan, wish } = await wantedService(invocation);
  const { textOf, uninstallService } = await import('../../../supervisor/io/service-manager.ts');
  if (isGiven(invocation, 'dryRun')) {
    const commands = [...plan.disable, ...plan.forget].map(textOf);
    if (terminal.json) terminal.resultJson({ file: plan.file, commands });
    else {
      terminal.note(terminal.say('service.wouldRun'));
      for (const command of commands) terminal.result(`  ${command}`);
    }
    return 0;
  }
  const report = await uninstallService(plan, { stopMaxMs: wish.stopMaxMs });
  if (terminal.json) terminal.resultJson(report);
  else tellService(report, terminal);
  return report.left.length === 0 ? 0 : 1;
}
