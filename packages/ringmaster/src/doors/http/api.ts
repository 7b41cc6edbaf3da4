import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '../../errors.ts';
import type { Perform } from '../../operations/asked.ts';
import { routes } from '../../operations/routes.ts';
import { answerJson, answerProblem } from './answers.ts';
import { askerOf } from './asker.ts';
import { findRoute } from './find-route.ts';
import { createOnce, type OnceNeeds } from './idempotency.ts';
import { readJsonBody, readQuery } from './request-input.ts';

/** Answers one request for `path`, which may begin with `/api`; the query string is read from `request.url`. */
export type Door = (request: IncomingMessage, response: ServerResponse, path: string) => void;

/**
 * The REST door: every operation at its route, JSON in and out, problems as RFC 9457. Who may knock is the
 * listener's to decide. Stacks of our bugs go to `tellOperator`, by default stderr.
 */
export function createApi(
  perform: Perform,
  needs: OnceNeeds,
  tellOperator: (text: string) => void = (text) => void process.stderr.write(text),
): Door {
  const once = createOnce(needs);

  async function answer(request: IncomingMessage, response: ServerResponse, path: string) {
    const { name, fields } = findRoute(request.method ?? 'GET', path);
    const given = await readGiven(request);
    const asked = { operation: name, given: addFields(given, fields) };
    const work = () => perform(name, asked.given, askerOf(request.headers));
    // What only reads may be done again without a key, and its answer is nothing to keep.
    const output = await (routes[name].effect === 'reads' ? work() : once(request, asked, work));
    answerJson(response, 200, output);
  }

  return (request, response, path) => {
    const below = (path.split('?')[0] ?? '').replace(/^\/api(?=\/|$)/, '');
    answer(request, response, below).catch((error) => {
      // A client that went away, or an answer that has begun, can be told nothing more.
      if (response.headersSent || response.destroyed) return response.destroy();
      const { allow, retryAfterS } = (error instanceof Problem && error.details) || {};
      if (Array.isArray(allow)) response.setHeader('allow', allow.join(', '));
      if (typeof retryAfterS === 'number') response.setHeader('retry-after', retryAfterS);
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
