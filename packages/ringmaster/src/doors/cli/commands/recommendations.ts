import { adviceText } from '../../../reporting/document.ts';
import { wordsOf } from '../../../reporting/words.ts';
import { hoursOption } from '../hours-option.ts';
import { type ExitCode, type Invocation, isGiven } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';

/** `ringmaster recommendations`: what one could change; none is an answer too. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal } = invocation;
  const client = await reachDaemon(flags, terminal);
  const told = await client.ask('advice.list', hoursOption(invocation));
  const isWanted = ({ kind, change }: (typeof told.advice)[number]) =>
    change !== undefined || kind === 'tooLittle' || !isGiven(invocation, 'configTuning');
  const advice = told.advice.filter(isWanted);
  if (terminal.json) terminal.resultJson({ ...told, advice });
  else {
    const words = wordsOf(terminal.language);
    for (const one of advice) terminal.result(`- ${adviceText(one, words)}`);
    if (advice.length === 0) terminal.result(words.noAdvice);
  }
  return 0;
}
