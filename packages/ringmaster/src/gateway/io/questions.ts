import { isAskMethod } from '../asks.ts';
import {
  errorText,
  isRequestId,
  type JsonObject,
  methodNotFound,
  type Reply,
  type RequestId,
  resultText,
  writeJson,
} from '../messages.ts';
import type { Owner } from '../owner.ts';
import type { OpenAsk } from './ask-book.ts';
import type { Asks } from './asks.ts';
import type { Call } from './calls.ts';

/** The requests one server makes of us, over one conversation. */
export interface Questions {
  /** Answers it, or puts it to a client; `via` is the call on whose stream it came. False when it was refused. */
  receive(id: RequestId, method: string, params: JsonObject, via: Call | undefined): boolean;
  /** The server takes its question back. */
  cancelled(id: unknown): void;
  /** The server is gone. */
  lose(why: string): void;
}

/** Prepares a conversation to be asked. */
export function createQuestions(needs: {
  readonly server: string;
  readonly launchHash: string;
  readonly asks: Asks;
  readonly owner: () => Owner | undefined;
  /** In flight, newest first. */
  readonly calls: () => readonly Call[];
  readonly send: (text: string) => void;
}): Questions {
  const { server, launchHash, asks, calls } = needs;
  const open = new Map<RequestId, OpenAsk>();
  /** Taken back by the server: nobody waits for a reply. */
  const takenBack = new Set<RequestId>();

  function answer(id: RequestId, reply: Reply): void {
    open.delete(id);
    if (takenBack.has(id)) return;
    if (reply.kind === 'error') needs.send(errorText(id, reply.error));
    else needs.send(resultText(id, writeJson(reply.result) ?? '{}'));
  }

  return {
    receive(id, method, params, via) {
      if (method === 'ping') {
        needs.send(resultText(id, '{}'));
        return true;
      }
      if (!isAskMethod(method)) {
        answer(id, methodNotFound(method));
        return false;
      }
      let isAnswered = false;
      const asked = asks.put({
        ...{ server, launchHash, method, params, via, calls, leasedTo: needs.owner() },
        reply(reply) {
          isAnswered = true;
          answer(id, reply);
        },
      });
      if (asked !== undefined && !isAnswered) open.set(id, asked);
      return asked !== undefined;
    },
    cancelled(id) {
      const ask = isRequestId(id) ? open.get(id) : undefined;
      if (ask === undefined || !isRequestId(id)) return;
      takenBack.add(id);
      ask.withdraw('the server took it back');
      takenBack.delete(id);
    },
    lose(why) {
      for (const ask of [...open.values()]) ask.withdraw(why);
      open.clear();
    },
  };
}
