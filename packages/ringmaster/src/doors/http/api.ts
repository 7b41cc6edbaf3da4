import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { Problem } from '../../errors.ts';
import { type Handlers, operations } from '../../operations/index.ts';
import { nearestNames } from '../../operations/nearest.ts';
import type { OperationName } from '../../operations/routes.ts';
import { answerJson, answerProblem } from './answers.ts';
import { findRoute } from './find-route.ts';
import { createOnce } from './idempotency.ts';
import { readJsonBody, readQuery } from './request-input.ts';

/** Answers one request for `path`, which may begin with `/api`; the query string is read from `request.url`. */
export type Door = (request: IncomingMessage, response: ServerResponse, path: string) => void;

/**
 * The REST door: every operation at its route, JSON in and out, problems as RFC 9457. Who may knock is the
 * listener's to decide. Stacks of our bugs go to `tellOperator`, by default stderr.
 */
export function createApi(
  handlers: Handlers,
  clock: Pick<Clock, 'nowMs'>,
  tellOperator: (text: string) => void = (text) => void process.stderr.write(text),
): Door {
  const once = createOnce(clock);

  async function answer(request: IncomingMessage, response: ServerResponse, path: string) {
    const { name, fields } = findRoute(request.method ?? 'GET', path);
    const given = await readGiven(request);
    const asked = { operation: name, given: addFields(given, fields) };
    const work = () => perform(handlers, name, asked.given);
    const output = await (request.method === 'POST' ? once(request, asked, work) : work());
    answerJson(response, 200, output);
  }

  return (request, response, path) => {
    const below = (path.split('?')[0] ?? '').replace(/^\/api(?=\/|$)/, '');
    answer(request, response, below).catch((error) => {
      // A client that went away, or an answer that has begun, can be told nothing more.
      if (response.headersSent || response.destroyed) return response.destroy();
      return answerProblem(response, error, tellOperator);
    });
  };
}

async function readGiven(request: IncomingMessage): Promise<unknown> {
  if (request.method === 'POST') return readJsonBody(request);
  const url = request.url ?? '';
  const start = url.indexOf('?');
  return start < 0 ? {} : readQuery(url.slice(start + 1));
}

/** What the path says counts, whatever body or query say. */
function addFields(given: unknown, fields: Readonly<Record<string, string>>): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  return { ...given, ...fields };
}

async function perform(handlers: Handlers, name: OperationName, given: unknown): Promise<unknown> {
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
