import { CommanderError } from 'commander';
import { Problem } from '../../errors.ts';
import { commandTable } from './command-table.ts';
import { tellFailure } from './failure.ts';
import { type ExitCode, type Flags, wholeNumber } from './invocation.ts';
import { chooseLanguage, languageFlag } from './language.ts';
import { loadSpeech, type Speech } from './messages/index.ts';
import { createProgram, type Parsed } from './program.ts';
import { createTerminal, type Manner, type Terminal } from './terminal.ts';
import { usageProblem } from './usage.ts';

/** Runs one command line; whatever happens ends as an exit code and words on the right stream. */
async function runCommandLine(argv: readonly string[]): Promise<ExitCode> {
  const given = languageFlag(argv);
  const language = chooseLanguage(given, process.env);
  const speech = await loadSpeech(language ?? chooseLanguage(undefined, process.env) ?? 'en');
  let terminal = createTerminal(speech, mannerOfWords(argv));
  try {
    if (language === undefined) {
      throw new Problem('bad_usage', speech.say('usage.language', { found: given ?? '' }));
    }
    const parsed = parse(argv, speech);
    if (parsed === 'shown') return 0;
    if (parsed === 'helpWithoutCommand') return 64;
    const { row, words } = parsed;
    const merged = { ...parsed.before, ...ownOptions(parsed) };
    terminal = createTerminal(speech, mannerOf(parsed, merged));
    const run = await row.load();
    return await run({ words, options: merged, flags: flagsOf(merged, terminal), terminal });
  } catch (error) {
    return tellFailure(error, terminal);
  }
}

function parse(given: readonly string[], speech: Speech): Parsed | 'shown' | 'helpWithoutCommand' {
  const argv = helpAsOption(given);
  let parsed: Parsed | undefined;
  const program = createProgram(speech, argv, (found) => {
    parsed = found;
  });
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const outcome = usageProblem(error, speech.say);
    if (outcome instanceof Problem) throw outcome;
    return outcome;
  }
  return parsed ?? 'helpWithoutCommand';
}

/** `help COMMAND` is `COMMAND --help`, so that a command there is none of is told as anywhere else. */
function helpAsOption(argv: readonly string[]): string[] {
  const [first, ...words] = argv;
  if (first !== 'help') return [...argv];
  const [name = '-', ...options] = words;
  if (name === 'help' || name.startsWith('-')) return ['--help', ...words];
  return Object.hasOwn(commandTable, name) ? [name, '--help', ...options] : words;
}

/** `call --json ARGS` has a `--json` of its own, which must not be taken for the one before the command. */
function ownOptions({ options }: Parsed): Readonly<Record<string, unknown>> {
  return { json: undefined, ...options };
}

function mannerOf(parsed: Parsed, merged: Readonly<Record<string, unknown>>): Manner {
  return {
    json: parsed.before['json'] === true || parsed.options['json'] === true,
    quiet: merged['quiet'] === true,
    verbose: merged['verbose'] === true,
  };
}

/** How to speak of a command line that could not be parsed. */
function mannerOfWords(argv: readonly string[]): Manner {
  const json = argv.indexOf('--json');
  const call = argv.indexOf('call');
  return { json: json >= 0 && (call < 0 || json < call), quiet: false, verbose: false };
}

function flagsOf(options: Readonly<Record<string, unknown>>, terminal: Terminal): Flags {
  const text = (name: string) => {
    const value = options[name];
    return typeof value === 'string' ? value : undefined;
  };
  const port = text('port');
  return {
    file: text('file'),
    dataDir: text('dataDir'),
    port:
      port === undefined
        ? undefined
        : wholeNumber({ flag: '--port', text: port }, { min: 0, max: 65_535 }, terminal),
  };
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});
// Nobody is left who could be told.
process.stderr.on('error', () => undefined);
void runCommandLine(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
