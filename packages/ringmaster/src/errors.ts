import { type ProblemCode, type ProblemRow, problemRows } from './problem-rows.ts';

export { type ProblemCode, type ProblemRow, problemRows };

/**
 * The one error class: a code of the catalogue and a sentence that names the action, what was found and
 * what is needed. The message never repeats its cause; whoever prints joins the chain.
 */
export class Problem extends Error {
  readonly code: ProblemCode;
  /** Machine-readable particulars, safe to show: never a secret. */
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(
    code: ProblemCode,
    message: string,
    more: { readonly cause?: unknown; readonly details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'Problem';
    this.code = code;
    this.details = more.details;
  }

  get row(): ProblemRow {
    return problemRows[this.code];
  }
}

/** Anything thrown, as a Problem: what is not one already is our bug. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Problem('bug', message, { cause: error });
}

/** Messages of an error and its causes, outermost first, without repeats. */
export function messageChain(error: unknown): string {
  const parts: string[] = [];
  for (let next: unknown = error; next !== undefined && parts.length < 8; ) {
    const message = next instanceof Error ? next.message : String(next);
    if (!parts.includes(message)) parts.push(message);
    next = next instanceof Error ? next.cause : undefined;
  }
  return parts.join(': ');
}

/** Ends an exhaustive switch; a new case that nobody handles does not compile. */
export function unreachable(value: never): never {
  throw new Problem('bug', `Unexpected value ${JSON.stringify(value)}`);
}
