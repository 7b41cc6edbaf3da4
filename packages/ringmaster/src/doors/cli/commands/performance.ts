import { markdownOf } from '../../../reporting/markdown.ts';
import { hoursOption } from '../hours-option.ts';
import { type ExitCode, type Invocation, isGiven } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { reportText } from '../report-text.ts';

/** `ringmaster performance`: how it went over some hours; exits 1 when a server missed its objective. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal } = invocation;
  const client = await reachDaemon(flags, terminal);
  const report = await client.ask('report.performance', hoursOption(invocation));
  if (terminal.json) terminal.resultJson(report);
  else if (isGiven(invocation, 'markdown'))
    terminal.result(markdownOf(report, terminal.language).trimEnd());
  else terminal.result(reportText(report, terminal));
  return report.servers.some(({ budget }) => budget.state === 'missed') ? 1 : 0;
}
