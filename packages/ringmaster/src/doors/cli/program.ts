import { Command } from 'commander';
import type { CommandRow } from './command-row.ts';
import { commandTable } from './command-table.ts';
import type { Speech } from './messages/index.ts';
import type { Say } from './messages/say.ts';
import { textWidth } from './text-width.ts';
import { ownVersion } from './version.ts';
import { wrapText } from './wrap.ts';

/** A command line that was understood. */
export interface Parsed {
  readonly row: CommandRow;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  /** Flags given before the command; the command's own win over them. */
  readonly before: Readonly<Record<string, unknown>>;
}

/**
 * The parser; `found` is told which command was asked for, nothing is run here. A command line that begins with a
 * command needs no other: to make all of them takes longer than to parse.
 */
export function createProgram(
  { say }: Speech,
  argv: readonly string[],
  found: (parsed: Parsed) => void,
): Command {
  const program = new Command('ringmaster')
    .description(say('help.program'))
    .usage(say('help.usage'))
    .version(ownVersion(), '--version', say('help.version'))
    .helpOption('-h, --help', say('help.help'))
    .helpCommand(say('help.helpCommand'), say('help.helpOnCommand'))
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .configureHelp({
      displayWidth: textWidth,
      boxWrap: wrapText,
      styleTitle: (title) => titleOf(title, say),
      subcommandTerm: (command) =>
        `${command.name()} ${command.registeredArguments.map(termOf).join(' ')}`,
    })
    .addHelpText('after', () => `\n${say('help.after')}`);
  addCommonOptions(program, say, []);
  for (const [name, row] of commandsFor(argv)) {
    const command = program.command(`${name} ${row.arguments}`.trim()).description(say(row.help));
    command.usage(`${say('help.options')} ${row.arguments}`.trim());
    for (const option of row.options) addOption(command, option, say);
    addCommonOptions(command, say, row.replaces ?? []);
    command.action(() => {
      found({
        row,
        words: command.args,
        options: command.opts(),
        before: program.opts(),
      });
    });
  }
  return program;
}

function commandsFor([first = '']: readonly string[]): (readonly [string, CommandRow])[] {
  const rows = Object.entries<CommandRow>(commandTable);
  const named = rows.filter(([name]) => name === first);
  return named.length > 0 ? named : rows;
}

function addOption(command: Command, option: CommandRow['options'][number], say: Say): void {
  const help = say(option.help);
  if (option.repeats !== true) command.option(option.flags, help);
  else {
    // No default value: the parser would print it in the help.
    command.option(option.flags, help, (value: string, before?: readonly string[]) => [
      ...(before ?? []),
      value,
    ]);
  }
}

function addCommonOptions(command: Command, say: Say, without: readonly ('-f' | '--json')[]): void {
  command
    .option(without.includes('-f') ? '--file <fleet>' : '-f, --file <fleet>', say('help.file'))
    .option('--data-dir <dir>', say('help.dataDir'))
    .option('--port <port>', say('help.port'));
  if (!without.includes('--json')) command.option('--json', say('help.json'));
  command
    .option('--lang <language>', say('help.lang'))
    .option('-q, --quiet', say('help.quiet'))
    .option('-v, --verbose', say('help.verbose'));
}

/** The headings that the parser writes in English, in the language that is spoken. */
function titleOf(title: string, say: Say): string {
  switch (title) {
    case 'Usage:':
      return say('title.usage');
    case 'Arguments:':
      return say('title.arguments');
    case 'Options:':
      return say('title.options');
    case 'Commands:':
      return say('title.commands');
    default:
      return title;
  }
}

function termOf(argument: { name(): string; variadic: boolean; required: boolean }): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}
