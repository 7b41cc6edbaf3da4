import type { JsonObject, Reply } from './messages.ts';

/** What a server may ask of a client: the user, the model, or the folders it works on. */
export type AskMethod = 'elicitation/create' | 'sampling/createMessage' | 'roots/list';

/** One question of a server, on its way to the client whose call it belongs to. */
export interface Ask {
  readonly method: AskMethod;
  readonly params: JsonObject;
  /** Takes the answer; only the first counts. */
  answer(reply: Reply): void;
}
