import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { asProblem, messageChain, type Problem, type ProblemCode } from '../../errors.ts';
import { askedLanguage } from '../../japanese/asked-language.ts';

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
  const body: ProblemBody = {
    type: `urn:ringmaster:problem:${problem.code}`,
    title: titleOf(problem),
    status: http,
    detail:
      failure === undefined
        ? messageChain(problem)
        : `The daemon failed at this; its stderr tells more under ${failure}`,
    ...(failure === undefined ? {} : { instance: `urn:uuid:${failure}` }),
    code: problem.code,
    hint,
    ...(failure === undefined && problem.details !== undefined ? { details: problem.details } : {}),
  };
  const contentType = 'application/problem+json';
  if (askedLanguage(response.req.headers['accept-language']) === 'en') {
    answerJson(response, http, body, contentType);
    return;
  }
  void inJapanese(body).then((translated) => {
    response.setHeader('content-language', 'ja');
    answerJson(response, http, translated, contentType);
  });
}

interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly code: ProblemCode;
  readonly hint: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The words are loaded when somebody first asks for them. */
async function inJapanese(body: ProblemBody): Promise<ProblemBody> {
  const { sayWhy } = await import('../../japanese/say-why.ts');
  const { japaneseHints } = await import('../../japanese/hints.ts');
  const { detail, code } = body;
  return { ...body, detail: sayWhy(detail, 'ja'), hint: japaneseHints[code] };
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
