import pico from 'picocolors';
import { harmless, harmlessJson } from '../../harmless.ts';
import type { Speech } from './messages/index.ts';

/** Functions that colour text, or leave it as it is where colours are not wanted. */
type Paint = ReturnType<typeof pico.createColors>;

/** How much is said besides the result, and in which form. */
export interface Manner {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** Where a command speaks: results on stdout, every other word on stderr. */
export interface Terminal extends Manner, Speech {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Somebody may sit there: one of our streams is a terminal. */
  readonly isAttended: boolean;
  /** Width of stdout; undefined when it is no terminal, and nothing is cut. */
  readonly widthColumns: number | undefined;
  /** Colours for stdout. */
  readonly paint: Paint;
  /** Colours for stderr. */
  readonly paintNotes: Paint;
  /** One line (or several) of the result. */
  result(text: string): void;
  /** The result as JSON, for machines. */
  resultJson(value: unknown): void;
  /** One JSON document a line, for results that go on. */
  resultJsonLine(value: unknown): void;
  /** Words for people beside the result; silent with `-q`. */
  note(text: string): void;
  /** Words for the curious; only with `-v`. */
  detail(text: string): void;
  /** What went wrong; never silent. */
  complain(text: string): void;
  nowMs(): number;
}

/** A terminal over this process's streams. */
export function createTerminal(speech: Speech, manner: Manner): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const write = (stream: NodeJS.WriteStream, text: string) => {
    stream.write(`${harmless(text)}\n`);
  };
  return {
    ...speech,
    ...manner,
    env,
    cwd: process.cwd(),
    isAttended: stdin.isTTY || stdout.isTTY || stderr.isTTY,
    widthColumns: stdout.isTTY ? stdout.columns : undefined,
    paint: pico.createColors(wantsColour(env, stdout.isTTY)),
    paintNotes: pico.createColors(wantsColour(env, stderr.isTTY)),
    result: (text) => write(stdout, text),
    resultJson: (value) => write(stdout, harmlessJson(JSON.stringify(value, undefined, 2))),
    resultJsonLine: (value) => write(stdout, harmlessJson(JSON.stringify(value))),
    note: (text) => {
      if (!manner.quiet) write(stderr, text);
    },
    detail: (text) => {
      if (manner.verbose) write(stderr, text);
    },
    complain: (text) => write(stderr, text),
    nowMs: () => Date.now(),
  };
}

/** Colours on terminals only; NO_COLOR (no-color.org) forbids them, FORCE_COLOR asks for them anywhere. */
export function wantsColour(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean | undefined,
): boolean {
  if (isSet(env['NO_COLOR'])) return false;
  if (isSet(env['FORCE_COLOR'])) return env['FORCE_COLOR'] !== '0';
  return isTerminal === true && env['TERM'] !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
