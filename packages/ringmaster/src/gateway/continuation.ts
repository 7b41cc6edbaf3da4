import type { AskMethod } from './asks.ts';
import { isObject } from './messages.ts';

/** What a client hands back with its answers, sealed by us; it says where the call stood. */
export type Continuation = {
  /** Key of the Owner it was given to. */
  readonly owner: string;
  /** Of the method and params, which must be the same again. */
  readonly digest: string;
  readonly askedAtMs: number;
  readonly untilMs: number;
} & (
  | { readonly kind: 'parked'; readonly id: string; readonly round: number }
  | {
      /** The server keeps nothing: the call is made again. */
      readonly kind: 'again';
      readonly server: string;
      /** The server's own, handed back to it byte by byte. */
      readonly state?: string;
      /** Methods of the questions, by their keys. */
      readonly asked: Readonly<Record<string, AskMethod>>;
      readonly round: number;
      /** The server only said which addresses must be opened before the call is made again. */
      readonly isUrls: boolean;
    }
);

/** What a returned `requestState` means. */
export type Continued =
  | { readonly kind: 'ok'; readonly continuation: Continuation }
  | { readonly kind: 'refused'; readonly message: string };

/** Judges a state that was opened; `text` is undefined when it was not sealed by this gateway. */
export function judgeContinuation(
  text: string | undefined,
  of: { readonly owner: string; readonly digest: string; readonly nowMs: number },
): Continued {
  const read: unknown = text === undefined ? undefined : JSON.parse(text);
  if (!isObject(read)) {
    return refuse('The requestState is not one this gateway gave out: start the call again');
  }
  // What we sealed ourselves has the shape we gave it.
  const continuation = read as unknown as Continuation;
  if (continuation.owner !== of.owner) {
    return refuse('The requestState was given to another client: start the call again');
  }
  if (continuation.digest !== of.digest) {
    return refuse(
      'The requestState belongs to another request: repeat method and params unchanged',
    );
  }
  if (of.nowMs >= continuation.untilMs) return refuse(expired);
  return { kind: 'ok', continuation };
}

/** What a client hears whose parked call is not there any more. */
export const expired =
  'The continuation has expired or was used already, or the gateway restarted: start the call again';

function refuse(message: string): Continued {
  return { kind: 'refused', message };
}
