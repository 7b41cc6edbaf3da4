import { z } from 'zod';
import { type Handlers, operations } from './index.ts';
import { inputProblem } from './input-problem.ts';
import type { OperationName } from './routes.ts';

/** Checks the input of an operation and does it; rejects with `bad_request` and every problem of the input. */
export async function performOperation(
  handlers: Handlers,
  name: OperationName,
  given: unknown,
): Promise<unknown> {
  const { input } = operations[name];
  const result = strictly(input).safeParse(given);
  if (!result.success) throw inputProblem(name, { input, given, error: result.error });
  // The schema is the one of this very name, which the compiler cannot follow through a union of names.
  const handler = handlers[name] as (input: unknown) => Promise<unknown>;
  return handler(result.data);
}

/** A misspelt field must not be ignored: `dry_run` left out of account would change the fleet. */
function strictly(input: z.ZodType): z.ZodType {
  return input instanceof z.ZodObject ? input.strict() : input;
}
