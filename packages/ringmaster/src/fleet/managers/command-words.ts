import type { ServerEntryInput } from '../schema.ts';
import { escapeLiteral } from '../variables.ts';

/** A command line taken apart, for a fleet entry; texts are written as the fleet file wants them. */
export interface CommandFields {
  readonly fields: Pick<ServerEntryInput, 'command' | 'args' | 'env' | 'enabled'>;
  readonly notes: readonly string[];
}

/**
 * Words of a line as programs without a shell read it (POSIX quoting, no variables, no patterns); undefined when a
 * quote is not closed.
 */
export function splitWords(line: string): string[] | undefined {
  const words = scan(line, { isShell: false });
  return Array.isArray(words) ? words : undefined;
}

/** Command and arguments of a line that its manager never gave to a shell. */
export function plainCommand(line: string, more: readonly string[] = []): CommandFields {
  const words = splitWords(line);
  if (words === undefined) return shellCommand(line, 'a quote that is not closed');
  const [command = '', ...args] = [...words, ...more].map(escapeLiteral);
  return { fields: { command, args }, notes: [] };
}

/**
 * Command and arguments of a line that its manager gave to a shell. Where no shell is needed none is used: quotes,
 * `NAME=value` in front, `exec` and plain variables are understood. Any other line is kept for a shell, not enabled.
 */
export function lineCommand(line: string): CommandFields {
  const scanned = scan(line, { isShell: true });
  if (!Array.isArray(scanned)) return shellCommand(line, scanned.needs);
  const words = [...scanned];
  const env = new Map<string, string>();
  for (;;) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(words[0] ?? '') ?? [];
    if (name === undefined) break;
    env.set(name, value ?? '');
    words.shift();
  }
  if (words[0] === 'exec') words.shift();
  const [command, ...args] = words;
  if (command === undefined) return shellCommand(line, 'no program');
  if (shellWords.has(command)) return shellCommand(line, command);
  return { fields: { command, args, env: Object.fromEntries(env) }, notes: [] };
}

/** A line for a shell, written so that a person can look at it and enable it. */
export function shellCommand(line: string, found: string): CommandFields {
  return {
    fields: { command: 'sh', args: ['-c', escapeLiteral(line)], enabled: false },
    notes: [
      `needs a shell (found ${found}), so it is written as sh -c and not enabled; check it, then remove enabled: false`,
    ],
  };
}

/** Words at the beginning of a line that only a shell understands. */
const shellWords: ReadonlySet<string> = new Set(
  '. : [ [[ alias case cd eval export for function if set source time trap ulimit umask unset until wait while'.split(
    ' ',
  ),
);

interface Needs {
  readonly needs: string;
}

/** Characters that mean something to a shell outside of quotes. */
const shellCharacters = '|&;<>()`*?[{\n';

function scan(line: string, { isShell }: { readonly isShell: boolean }): string[] | Needs {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const letter = line[at] ?? '';
    if (quote === "'" && letter !== "'")
      word = `${word ?? ''}${isShell ? literal(letter) : letter}`;
    else if (letter === quote) quote = '';
    else if (quote === '' && (letter === "'" || letter === '"')) {
      quote = letter;
      word ??= '';
    } else if (letter === '\\') {
      const next = line[at + 1];
      if (next === undefined) return { needs: 'a backslash at the end' };
      const isKept = quote === '"' && !'"\\$`'.includes(next);
      word = `${word ?? ''}${isKept ? '\\' : ''}${isShell ? literal(next) : next}`;
      at += 1;
    } else if (quote === '' && /\s/.test(letter) && !(isShell && letter === '\n')) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (isShell && letter === '$') {
      const variable = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(:-[^{}$`'"]*)?\})/.exec(
        line.slice(at),
      );
      if (variable === null) return { needs: line.slice(at, at + 2) };
      word = `${word ?? ''}\${${variable[1] ?? variable[2]}${variable[3] ?? ''}}`;
      at += variable[0].length - 1;
    } else if (isShell && isSpecial(letter, quote, word)) {
      return { needs: letter === '\n' ? 'several lines' : letter };
    } else word = (word ?? '') + letter;
  }
  if (quote !== '') return { needs: 'a quote that is not closed' };
  if (word !== undefined) words.push(word);
  return words;
}

function isSpecial(letter: string, quote: string, word: string | undefined): boolean {
  if (quote !== '') return letter === '`';
  if (shellCharacters.includes(letter)) return true;
  return word === undefined && (letter === '~' || letter === '#');
}

/** A letter that stands for itself, in a text where `${` begins a variable. */
function literal(letter: string): string {
  return letter === '$' ? '$$' : letter;
}
