import type { Run } from './invocation.ts';
import type { englishHelp } from './messages/en-help.ts';

/** Name of a help text; none of them needs a value. */
type HelpKey = keyof typeof englishHelp;

/** An option of one command, as the parser declares it. */
export interface OptionRow {
  readonly flags: string;
  readonly help: HelpKey;
  /** It may be given several times. */
  readonly repeats?: true;
}

/** A command, declared once: help, parsing and loading follow from it. */
export interface CommandRow {
  readonly arguments: string;
  readonly help: HelpKey;
  readonly options: readonly OptionRow[];
  /** Flags of this command that take the place of the ones every command knows. */
  readonly replaces?: readonly ('-f' | '--json')[];
  /** Loads its module; only the command that runs is read from disk. */
  readonly load: () => Promise<Run>;
}
