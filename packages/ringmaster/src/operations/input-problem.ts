import { z } from 'zod';
import { Problem } from '../errors.ts';
import { explainIssues } from '../fleet/explain.ts';
import type { JsonSchema } from '../fleet/json-schema.ts';

/** What was asked for, and what zod found wrong with it. */
interface Refused {
  readonly input: z.ZodType;
  readonly given: unknown;
  readonly error: z.ZodError;
}

/** `bad_request` with everything that is wrong with the input, in the words that a fleet file gets. */
export function inputProblem(name: string, { input, given, error }: Refused): Problem {
  const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const problems = explainIssues(error.issues, { value: given, schema }).map(
    ({ path, message }) => ({ field: path.join('.'), message }),
  );
  const sentences = problems.map(({ field, message }) =>
    field ? `${field}: ${message}` : message,
  );
  return new Problem('bad_request', `Cannot do ${name}: ${sentences.join('; ')}`, {
    details: { problems },
  });
}
