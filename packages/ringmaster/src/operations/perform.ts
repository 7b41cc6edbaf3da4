import { z } from 'zod';
import { Problem } from '../errors.ts';
import { type Handlers, operations } from './index.ts';
import { nearestNames } from './nearest.ts';
import type { OperationName } from './routes.ts';

/** Checks the input of an operation and does it; rejects with `bad_request` and every problem of the input. */
export async function performOperation(
  handlers: Handlers,
  name: OperationName,
  given: unknown,
): Promise<unknown> {
  const result = strictly(operations[name].input).safeParse(given);
  if (!result.success) throw inputProblem(name, result.error);
  // The schema is the one of this very name, which the compiler cannot follow through a union of names.
  const handler = handlers[name] as (input: unknown) => Promise<unknown>;
  return handler(result.data);
}

/** A misspelt field must not be ignored: `dry_run` left out of account would change the fleet. */
function strictly(input: z.ZodType): z.ZodType {
  return input instanceof z.ZodObject ? input.strict() : input;
}

function inputProblem(name: OperationName, error: z.ZodError): Problem {
  const { input } = operations[name];
  const problems = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          field: [...issue.path, key].join('.'),
          message: unknownField(key, issue.path.length === 0 ? Object.keys(input.shape) : []),
        }))
      : [{ field: issue.path.join('.'), message: issue.message }],
  );
  const sentences = problems.map(({ field, message }) =>
    field ? `${field}: ${message}` : message,
  );
  return new Problem('bad_request', `Cannot do ${name}: ${sentences.join('; ')}`, {
    details: { problems },
  });
}

function unknownField(key: string, known: readonly string[]): string {
  const [nearest] = nearestNames(key, known);
  return nearest === undefined ? 'unknown field' : `unknown field; did you mean ${nearest}?`;
}
