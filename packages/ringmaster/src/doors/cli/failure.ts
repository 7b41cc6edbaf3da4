import { asProblem, messageChain, type Problem } from '../../errors.ts';
import type { ExitCode } from './invocation.ts';
import type { Terminal } from './terminal.ts';

/** Tells on stderr what went wrong and what to do about it; the result is the exit code of its catalogue row. */
export async function tellFailure(error: unknown, terminal: Terminal): Promise<ExitCode> {
  const problem = asProblem(error);
  const message = await inLanguage(messageChain(problem), terminal);
  const hint = terminal.hint(problem.code);
  if (terminal.json) terminal.complain(JSON.stringify(asJson(problem, message, hint)));
  else {
    const red = terminal.paintNotes.red;
    terminal.complain(`${red('ringmaster:')} ${message}`);
    // Only our own mistakes show a stack: for every other problem the sentence says it all.
    const stack = problem.row.family === 'bug' || terminal.verbose ? stackOf(problem) : '';
    if (stack !== '') terminal.complain(stack);
    terminal.complain(`  ${terminal.say('failure.hint', { hint })}`);
  }
  return problem.row.exit;
}

/** The words for Japanese are loaded only when something went wrong. */
async function inLanguage(message: string, { language }: Terminal): Promise<string> {
  if (language === 'en') return message;
  const { sayWhy } = await import('../../japanese/say-why.ts');
  return sayWhy(message, language);
}

function asJson(problem: Problem, message: string, hint: string): unknown {
  return {
    error: {
      code: problem.code,
      message,
      hint,
      exit: problem.row.exit,
      ...(problem.details === undefined ? {} : { details: problem.details }),
    },
  };
}

function stackOf(problem: Problem): string {
  const cause = problem.cause instanceof Error ? problem.cause : problem;
  return cause.stack ?? cause.message;
}
