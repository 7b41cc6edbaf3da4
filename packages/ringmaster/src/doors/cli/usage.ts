import type { CommanderError } from 'commander';
import { Problem } from '../../errors.ts';
import type { Say } from './messages/say.ts';

/** What the parser has to say of a command line: a page of help that is printed already, or a mistake. */
export function usageProblem(
  error: CommanderError,
  say: Say,
): Problem | 'shown' | 'helpWithoutCommand' {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const meant = /Did you mean (?:one of )?([^?]*)\?/.exec(error.message)?.[1];
  const usage = (text: string) =>
    new Problem(
      'bad_usage',
      meant === undefined ? text : `${text}; ${say('usage.meant', { meant })}`,
    );
  switch (error.code) {
    case 'commander.helpDisplayed':
    case 'commander.version':
      return 'shown';
    case 'commander.help':
      return error.exitCode === 0 ? 'shown' : 'helpWithoutCommand';
    case 'commander.unknownOption':
      return usage(say('usage.unknownOption', { option: quoted }));
    case 'commander.unknownCommand':
      return usage(say('usage.unknownCommand', { command: quoted }));
    case 'commander.missingArgument':
      return usage(say('usage.missingArgument', { argument: quoted }));
    case 'commander.optionMissingArgument':
      return usage(say('usage.optionMissingArgument', { option: quoted }));
    case 'commander.excessArguments': {
      const [needed = '0', found = '?'] = error.message.match(/\b\d+\b/g) ?? [];
      return usage(say('usage.excessArguments', { command: quoted, needed, found }));
    }
    default:
      return usage(error.message.replace(/^error: /, ''));
  }
}
