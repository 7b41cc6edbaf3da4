import type { FleetProblem } from '../problem.ts';

/** Where something stands in a file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A problem with its place in the file. */
export interface LocatedProblem extends Position {
  readonly file: string;
  readonly path: string;
  readonly message: string;
}

/** A file as data, whatever its format, that still knows where each value came from. */
export interface SourceDocument {
  readonly value: unknown;
  /** Faults of the format itself; when there are any, `value` is not to be trusted. */
  readonly syntaxProblems: readonly (Position & { readonly message: string })[];
  /** Position of a key or value, or of the nearest thing around it that is written down. */
  locate(path: FleetProblem['path'], at: 'key' | 'value'): Position;
}

/** The line and column of an offset in a text. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, Math.max(0, offset));
  const lastBreak = before.lastIndexOf('\n');
  let line = 1;
  for (let at = before.indexOf('\n'); at >= 0; at = before.indexOf('\n', at + 1)) line += 1;
  return { line, column: before.length - lastBreak };
}
