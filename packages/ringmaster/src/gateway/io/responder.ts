import type { Reply } from '../messages.ts';
import type { Caller } from './calls.ts';
import type { Spliced } from './kept-text.ts';

/** Hears the answer to a request: a call's, or one we know ourselves. */
export interface Responder extends Caller {
  /** A result we know ourselves. */
  spliced(result: Spliced): void;
  /** An answer without a call. */
  answer(reply: Reply): void;
}
