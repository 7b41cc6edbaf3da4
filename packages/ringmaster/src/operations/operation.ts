import type { z } from 'zod';
import type { ProblemCode } from '../errors.ts';

/**
 * A thing one can ask of the daemon, declared once. REST, and later OpenAPI, control tools and the dashboard's client
 * are derived from it; where it is found stands in `routes.ts`, which imports nothing so that the command line starts fast.
 */
export interface Operation<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> {
  /** One imperative sentence without a full stop. */
  readonly summary: string;
  readonly input: Input;
  readonly output: Output;
  /** Codes of `errors.ts` it can fail with, besides `bad_request` and `bug`. */
  readonly errors: readonly ProblemCode[];
}

/** Declares one operation; only so that its types are inferred. */
export function operation<Input extends z.ZodType, Output extends z.ZodType>(
  declared: Operation<Input, Output>,
): Operation<Input, Output> {
  return declared;
}
