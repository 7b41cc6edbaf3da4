import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { asProblem, messageChain, type Problem } from '../../errors.ts';
import { askedLanguage } from '../../japanese/asked-language.ts';
import { japaneseHints } from '../../japanese/hints.ts';
import { sayWhy } from '../../japanese/say-why.ts';

/** Sends a value as JSON; what the daemon tells is true only now, so nobody may keep it. */
export function answerJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  contentType = 'application/json',
): void {
  const text = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}

/**
 * Sends what was thrown as `application/problem+json` (RFC 9457), with `code`, `hint` and `details` of the catalogue
 * beside the standard members; `detail` and `hint` in Japanese for whoever asks for that (`Accept-Language`). Of a bug the
 * client learns an id only; its stack goes to `tellOperator`.
 */
export function answerProblem(
  response: ServerResponse,
  error: unknown,
  tellOperator: (text: string) => void,
): void {
  const problem = asProblem(error);
  const { family, http, hint } = problem.row;
  const failure = family === 'bug' ? randomUUID() : undefined;
  if (failure !== undefined) tellOperator(`Failure ${failure}: ${stackOf(problem)}\n`);
  const language = askedLanguage(response.req.headers['accept-language']);
  const detail =
    failure === undefined
      ? messageChain(problem)
      : `The daemon failed at this; its stderr tells more under ${failure}`;
  if (language === 'ja') response.setHeader('content-language', 'ja');
  answerJson(
    response,
    http,
    {
      type: `urn:ringmaster:problem:${problem.code}`,
      title: titleOf(problem),
      status: http,
      detail: sayWhy(detail, language),
      ...(failure === undefined ? {} : { instance: `urn:uuid:${failure}` }),
      code: problem.code,
      hint: language === 'ja' ? japaneseHints[problem.code] : hint,
      ...(failure === undefined && problem.details !== undefined
        ? { details: problem.details }
        : {}),
    },
    'application/problem+json',
  );
}

/** `server_not_found` → `Server not found`. */
function titleOf(problem: Problem): string {
  const words = problem.code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function stackOf(problem: Problem): string {
  // What was wrapped knows where it happened; the wrapping does not.
  const origin = problem.cause instanceof Error ? problem.cause : problem;
  return origin.stack ?? origin.message;
}
