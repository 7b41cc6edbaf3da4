import { isObject, type JsonObject, type RpcError } from '../messages.ts';
import { rpcCodes } from '../protocol.ts';
import type { Conversation } from './conversation.ts';
import { RefusedByServer } from './own-request.ts';

/** A server that does not answer a subscription is taken to have it; its next start is asked again. */
const subscribeTimeoutMs = 3_000;

/** What one server is asked to tell of beside its calls: changes of its lists and of some of its resources. */
export interface Watch {
  /** Begins, with these resources; what was not heard of them till then is taken for a change. */
  open(uris: Iterable<string>): void;
  /** Resolves with the server's refusal, or with nothing once it will tell of the resource. */
  watch(uri: string): Promise<RpcError | undefined>;
  unwatch(uri: string): void;
  /** Other tasks are to be told of than before. */
  tasksChanged(): void;
  /** True for a notification that only concerns how we listen; nobody else is to see it. */
  takes(method: string, params: JsonObject): boolean;
  close(): void;
}

/** Whether a server's InitializeResult or DiscoverResult says that it tells of single resources. */
export function tellsOfResources(result: JsonObject): boolean {
  const capabilities = isObject(result['capabilities']) ? result['capabilities'] : {};
  const { resources } = capabilities;
  return isObject(resources) && resources['subscribe'] === true;
}

/** What a server's client hears that wants to be told of resources this server never tells of. */
export const tellsOfNone: RpcError = {
  code: rpcCodes.invalidParams,
  message: 'The server of this resource does not tell of changes to it',
};

/**
 * Subscriptions of the eras with a handshake: one request to begin each, and one to end it, in the order they came.
 * What is wanted from the start was wanted of another process or session before: `onGap` hears that changes may be
 * unheard.
 */
export function createSessionWatch(conversation: Conversation, onGap: () => void): Watch {
  const watched = new Map<string, Promise<RpcError | undefined>>();
  const lastOf = new Map<string, Promise<unknown>>();

  /** One question after the other about each resource: over HTTP they could overtake each other. */
  function inTurn<Result>(uri: string, work: () => Promise<Result>): Promise<Result> {
    const next = (lastOf.get(uri) ?? Promise.resolve()).then(work);
    const last = next
      .catch(() => {})
      .then(() => {
        if (lastOf.get(uri) === last) lastOf.delete(uri);
      });
    lastOf.set(uri, last);
    return next;
  }

  async function subscribe(uri: string): Promise<RpcError | undefined> {
    try {
      await conversation.ask('resources/subscribe', { uri }, subscribeTimeoutMs);
      return undefined;
    } catch (error) {
      if (!(error instanceof RefusedByServer)) return undefined;
      watched.delete(uri);
      return error.error;
    }
  }

  function watch(uri: string): Promise<RpcError | undefined> {
    if (!tellsOfResources(conversation.negotiated?.result ?? {})) {
      return Promise.resolve(tellsOfNone);
    }
    const known = watched.get(uri);
    if (known !== undefined) return known;
    const asked = inTurn(uri, () => subscribe(uri));
    watched.set(uri, asked);
    return asked;
  }

  return {
    open(uris) {
      const asked = [...uris].map(watch);
      if (asked.length > 0) void Promise.all(asked).then(onGap);
    },
    watch,
    unwatch(uri) {
      if (!watched.delete(uri)) return;
      const work = () => conversation.ask('resources/unsubscribe', { uri }, subscribeTimeoutMs);
      // A server that is gone tells of nothing any more; one that refuses is not listened to.
      inTurn(uri, work).catch(() => {});
    },
    // Older servers tell of tasks unasked.
    tasksChanged() {},
    takes: () => false,
    close() {},
  };
}
