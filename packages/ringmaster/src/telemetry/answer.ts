/** What became of a message to a collector. */
export type Taken =
  | { readonly kind: 'taken' }
  /** It may take the same later; `afterMs` when it says when. */
  | { readonly kind: 'later'; readonly why: string; readonly afterMs?: number }
  /** It will never take all of it; `lost` of the spans or figures it did not, undefined: none. */
  | { readonly kind: 'refused'; readonly why: string; readonly lost: number | undefined };

/** Answers after which the same message may be sent again (OTLP/HTTP, Retryable Response Codes). */
const retryable: readonly number[] = [429, 502, 503, 504];
/** Longest text of a collector that is told. */
const messageMax = 200;

/** What the status of an answer means that may ask for a pause; undefined when its body has the last word. */
export function judgeStatus(
  status: number,
  afterMs: number | undefined,
): Exclude<Taken, { kind: 'taken' }> | undefined {
  if (status >= 200 && status < 300) return undefined;
  const why = `the collector answered ${status}`;
  if (!retryable.includes(status)) return { kind: 'refused', why, lost: undefined };
  return afterMs === undefined ? { kind: 'later', why } : { kind: 'later', why, afterMs };
}

/** What an answer with status 200 says: all was taken, or not all (OTLP, Partial Success). */
export function judgeBody(body: unknown): Taken {
  const partial = fieldOf(body, 'partialSuccess');
  const rejected = fieldOf(partial, 'rejectedSpans') ?? fieldOf(partial, 'rejectedDataPoints');
  const lost = Number(rejected ?? 0);
  if (!Number.isSafeInteger(lost) || lost <= 0) return { kind: 'taken' };
  const said = fieldOf(partial, 'errorMessage');
  const told = typeof said === 'string' && said !== '' ? `: ${said.slice(0, messageMax)}` : '';
  return { kind: 'refused', why: `the collector did not take ${lost} of them${told}`, lost };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
