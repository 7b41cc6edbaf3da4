import { Problem } from '../../errors.ts';
import type { Terminal } from './terminal.ts';

/** Flags every command knows, besides those that became the manner of the terminal. */
export interface Flags {
  readonly file: string | undefined;
  readonly dataDir: string | undefined;
  readonly port: number | undefined;
}

/** One command as it was asked for. */
export interface Invocation {
  readonly words: readonly string[];
  /** The command's own options by camelCase name, as the parser read them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly flags: Flags;
  readonly terminal: Terminal;
}

/** Exit codes of the command line: 0 fine, 1 unhealthy or refused, 2 no daemon, 3 bad configuration, 64 bad usage. */
export type ExitCode = 0 | 1 | 2 | 3 | 64;

/** What a command's module exports: does it, and says how it went. */
export type Run = (invocation: Invocation) => Promise<ExitCode>;

/** An option that was given as text; undefined when it was not given. */
export function textOption(invocation: Invocation, name: string): string | undefined {
  const value = invocation.options[name];
  return typeof value === 'string' ? value : undefined;
}

/** An option that may be given several times. */
export function textsOption(invocation: Invocation, name: string): readonly string[] {
  const value = invocation.options[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** An option that is there or not. */
export function isGiven(invocation: Invocation, name: string): boolean {
  return invocation.options[name] === true;
}

/** A whole number between two bounds, or a complaint that says which were meant. */
export function wholeNumber(
  given: { readonly flag: string; readonly text: string },
  bounds: { readonly min: number; readonly max: number },
  terminal: Pick<Terminal, 'say'>,
): number {
  const number = /^\d{1,15}$/.test(given.text) ? Number(given.text) : Number.NaN;
  if (number >= bounds.min && number <= bounds.max) return number;
  throw new Problem(
    'bad_usage',
    terminal.say('usage.number', {
      flag: given.flag,
      found: given.text,
      min: bounds.min,
      max: bounds.max,
    }),
  );
}
