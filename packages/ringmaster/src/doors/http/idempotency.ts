import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../clock.ts';
import { Problem } from '../../errors.ts';
import type { Journal } from '../../journal/journal.ts';
import type { OperationName } from '../../operations/routes.ts';

/** How long a key is known, as published: draft-ietf-httpapi-idempotency-key-header, 2.3. */
const keepMs = 600_000;
/** Keys known at once; a further one is refused, as to forget one would break that promise unseen. */
const keysMax = 10_000;
/** Answers kept at once; of older keys it is known that they were done. */
const answersMax = 1_000;
const keyMax = 200;
/** Longest answer that is kept, in characters of its JSON text. */
const answerMax = 16_384;
/** An answer waits this long for being kept on the disk. */
const writtenWithinMs = 1_000;
/** Operations that answer with what may be a secret: that they were done is kept, the answer is not. */
const secretAnswers: readonly OperationName[] = ['tool.call', 'server.login'];
const keyFact = 'idempotencyKey';

/** What is remembered of a key; a daemon that was killed in the middle leaves `begun`. */
interface Kept {
  /** Hash of what was asked. */
  readonly asked: string;
  readonly atMs: number;
  readonly state: 'begun' | 'answered' | 'done';
  readonly answer?: unknown;
}

/** Does a thing once for all requests that carry the same key. */
export type Once = (
  request: IncomingMessage,
  asked: { readonly operation: OperationName; readonly given: unknown },
  work: () => Promise<unknown>,
) => Promise<unknown>;

/** Where keys are remembered. */
export interface OnceNeeds {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly journal: Pick<Journal, 'recall' | 'recallAll' | 'remember' | 'flushWithin'>;
}

/**
 * `Idempotency-Key`: a request that is sent again, because its answer was lost, gets the answer of the first and changes
 * nothing, also when the daemon was killed meanwhile. Throws `key_reused` for the same key with another input,
 * `outcome_unknown` when an earlier daemon began it and did not live to finish, `answer_not_kept` when it was done and
 * its answer was long, may be a secret or is not among the newest, `keys_full` when no further key can be remembered.
 */
export function createOnce({ clock, journal }: OnceNeeds): Once {
  /** Answers of this life that are awaited, or that are not kept on the disk. */
  const answers = new Map<string, Promise<unknown>>();

  /** What is known of a key that is not too old; what is under way is never too old. */
  function known(key: string): Kept | undefined {
    const kept = journal.recall(keyFact, key) as Kept | undefined;
    const isUnderWay = kept?.state === 'begun' && answers.has(key);
    if (kept === undefined || isUnderWay || kept.atMs > clock.nowMs() - keepMs) return kept;
    forget(key);
    return undefined;
  }

  /** Keys that are not too old, newest first; forgets the others. */
  function allKnown(): readonly (readonly [key: string, Kept])[] {
    return [...journal.recallAll(keyFact).keys()]
      .flatMap((key) => {
        const kept = known(key);
        return kept === undefined ? [] : [[key, kept] as const];
      })
      .sort(([, one], [, other]) => other.atMs - one.atMs);
  }

  /** Room for one key more. */
  function makeRoom(): void {
    const all = allKnown();
    const oldest = all.at(-1)?.[1];
    if (oldest !== undefined && all.length >= keysMax) {
      const untilMs = oldest.atMs + keepMs - clock.nowMs();
      const retryAfterS = Math.max(1, Math.ceil(untilMs / 1_000));
      const found = `Found ${keysMax} Idempotency-Keys in ${keepMs / 60_000} minutes`;
      throw new Problem('keys_full', `${found}, the most there may be; nothing was done`, {
        details: { retryAfterS },
      });
    }
    for (const [key, { asked, atMs, state }] of all.slice(answersMax - 1)) {
      if (state === 'begun') continue;
      answers.delete(key);
      if (state === 'answered') journal.remember(keyFact, key, { asked, atMs, state: 'done' });
    }
  }

  function forget(key: string): void {
    answers.delete(key);
    journal.remember(keyFact, key, undefined);
  }

  async function begin(key: string, begun: Kept, isSecret: boolean, work: () => Promise<unknown>) {
    // Written with the record that the operation begins, before anything is done.
    journal.remember(keyFact, key, begun);
    try {
      const answer = await work();
      const isKept = !isSecret && JSON.stringify(answer ?? null).length <= answerMax;
      const end = isKept ? ({ state: 'answered', answer } as const) : ({ state: 'done' } as const);
      journal.remember(keyFact, key, { ...begun, ...end });
      if (isKept) answers.delete(key);
      await journal.flushWithin(writtenWithinMs);
      return answer;
    } catch (error) {
      // What failed may be tried again with the same key.
      forget(key);
      await journal.flushWithin(writtenWithinMs);
      throw error;
    }
  }

  allKnown();
  return (request, { operation, given }, work) => {
    const key = request.headers['idempotency-key'];
    if (key === undefined) return work();
    if (typeof key !== 'string' || key === '' || key.length > keyMax) {
      throw new Problem('bad_request', `Idempotency-Key needs 1 to ${keyMax} characters`);
    }
    const text = `${operation} ${JSON.stringify(given)}`;
    const asked = createHash('sha256').update(text).digest('base64');
    const kept = known(key);
    if (kept !== undefined && kept.asked !== asked) {
      throw new Problem('key_reused', `The Idempotency-Key was used with another input`);
    }
    const before = answers.get(key) ?? (kept && replay(kept, operation));
    if (before !== undefined) return before;
    makeRoom();
    const begun: Kept = { asked, atMs: clock.nowMs(), state: 'begun' };
    const answer = begin(key, begun, secretAnswers.includes(operation), work);
    answers.set(key, answer);
    return answer;
  };
}

function replay(kept: Kept, operation: OperationName): Promise<unknown> {
  if (kept.state === 'answered') return Promise.resolve(kept.answer);
  const since = new Date(kept.atMs).toISOString();
  if (kept.state === 'done') {
    const told = `${operation} was done for this Idempotency-Key at ${since}; its answer is not kept`;
    throw new Problem('answer_not_kept', told);
  }
  const told = `The daemon ended before ${operation} was finished, begun at ${since} for this Idempotency-Key`;
  throw new Problem('outcome_unknown', told);
}
