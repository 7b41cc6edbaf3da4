import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../clock.ts';
import { Problem } from '../../errors.ts';

/** How long an answer is kept for its key. */
const keepMs = 600_000;
/** Answers kept at once; the oldest goes first. */
const answersMax = 1_000;
const keyMax = 200;

interface Kept {
  readonly asked: string;
  readonly atMs: number;
  readonly answer: Promise<unknown>;
}

/** Does a thing once for all requests that carry the same key. */
export type Once = (
  request: IncomingMessage,
  asked: { readonly operation: string; readonly given: unknown },
  work: () => Promise<unknown>,
) => Promise<unknown>;

/**
 * `Idempotency-Key`: a request that is sent again, because its answer was lost, gets the answer of the first and changes
 * nothing. The same key with another input is the client's mistake. Answers live in memory: after a restart of the
 * daemon a key is a new one.
 */
export function createOnce(clock: Pick<Clock, 'nowMs'>): Once {
  const answers = new Map<string, Kept>();

  function forgetOld(): void {
    const oldestMs = clock.nowMs() - keepMs;
    for (const [key, { atMs }] of answers) {
      if (atMs > oldestMs && answers.size < answersMax) return;
      answers.delete(key);
    }
  }

  return (request, { operation, given }, work) => {
    const key = request.headers['idempotency-key'];
    if (key === undefined) return work();
    if (typeof key !== 'string' || key === '' || key.length > keyMax) {
      throw new Problem('bad_request', `Idempotency-Key needs 1 to ${keyMax} characters`);
    }
    forgetOld();
    const text = `${operation} ${JSON.stringify(given)}`;
    const asked = createHash('sha256').update(text).digest('base64');
    const kept = answers.get(key);
    if (kept === undefined) {
      const answer = work();
      answers.set(key, { asked, atMs: clock.nowMs(), answer });
      // What failed may be tried again with the same key.
      answer.catch(() => answers.delete(key));
      return answer;
    }
    if (kept.asked !== asked) {
      throw new Problem('key_reused', `The Idempotency-Key was used with another input`);
    }
    return kept.answer;
  };
}
