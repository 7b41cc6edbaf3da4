import type { ServerResponse } from 'node:http';
import type { Ask, Reach } from '../../asks.ts';
import { type Era, modernMembers, modernResult, replyForClient } from '../../bridge.ts';
import { keepExactNumbers, writeExact } from '../../exact-numbers.ts';
import { judgeText } from '../../judge-text.ts';
import { hears } from '../../log-levels.ts';
import {
  errorText,
  type JsonObject,
  notificationText,
  type Reply,
  type RequestId,
  resultHead,
  resultText,
  withIdReplaced,
  withResultExtended,
  writeJson,
} from '../../messages.ts';
import { replyForSessions } from '../../older-clients.ts';
import type { Owner } from '../../owner.ts';
import { rpcCodes } from '../../protocol.ts';
import type { Call } from '../calls.ts';
import { sendJson } from '../http.ts';
import { type Spliced, wholeText } from '../kept-text.ts';
import type { Responder } from '../responder.ts';
import type { Stream, Streams } from '../streams.ts';
import type { Tasks } from '../tasks.ts';

/** What replies to one client need besides the reply. */
export interface ReplyNeeds {
  readonly serverInfo: () => JsonObject;
  readonly serverEra: (call: Call) => Era;
  /** The definition of the tool that was called, as its server gave it. */
  readonly toolOf: (call: Call) => JsonObject | undefined;
  readonly tasks: Pick<Tasks, 'shown'>;
  readonly renamedUris: (server: string) => ReadonlyMap<string, string> | undefined;
}

/** The reply to a client's request, as JSON text with the client's id; `status` is the HTTP one. */
export type Deliver = (text: string | Spliced, status: number) => void;

/** Turns outcomes into the client's words, and hands the text on. */
export function createResponder(needs: {
  readonly id: RequestId;
  readonly owner: Owner;
  readonly client: string | undefined;
  readonly replies: ReplyNeeds;
  readonly method: string;
  readonly reach: Reach;
  /** See `Caller`; where there are no rounds nobody needs it. */
  readonly digest?: () => string;
  /** Puts a question to the client, where it can be reached by a stream. */
  readonly ask?: (ask: Ask) => ((why: string) => void) | undefined;
  readonly deliver: Deliver;
  /** A message that belongs to the request; false when the client reads no streams. */
  readonly notify: (text: string) => boolean;
  readonly abandon: () => void;
  readonly linger: () => void;
  readonly statusOf: (reply: Reply) => number;
}): Responder {
  const { id, owner, replies, deliver, statusOf } = needs;
  const { era } = owner;

  function deliverReply(reply: Reply): void {
    const written = reply.kind === 'result' ? writeExact(reply.result) : writeJson(reply.error);
    if (written === undefined) deliver(errorText(id, tooDeep), 200);
    else if (reply.kind === 'result') deliver(resultText(id, written), statusOf(reply));
    else
      deliver(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":${written}}`, statusOf(reply));
  }

  function translate(call: Call, reply: Reply): Reply {
    const serverEra = replies.serverEra(call);
    const spoken = replyForClient(replies.tasks.shown(call, reply), {
      method: call.method,
      server: call.server,
      clientEra: era,
      serverEra,
      serverInfo: era === 'modern' ? replies.serverInfo() : {},
      renamedUris: replies.renamedUris(call.server),
    });
    if (era === 'modern') return spoken;
    const { protocolVersion } = owner;
    const tool = (): JsonObject | undefined => replies.toolOf(call);
    return replyForSessions(spoken, { protocolVersion, serverEra, tool });
  }

  /** The answer of an older server to a stateless client, without writing the whole of it anew. */
  function splice(call: Call, reply: Reply, line: string): string | undefined {
    if (era !== 'modern' || reply.kind !== 'result') return undefined;
    if (replies.serverEra(call) !== 'legacy') return undefined;
    if (replies.renamedUris(call.server) !== undefined) return undefined;
    const members = modernMembers(reply.result, call.method, replies.serverInfo());
    if (members === undefined) return undefined;
    return withResultExtended(line, { own: call.upstreamId, client: id }, members);
  }

  return {
    owner,
    client: needs.client,
    id,
    reach: needs.reach,
    digest: needs.digest ?? (() => ''),
    spliced: (result) => deliver(splicedReply(id, result), 200),
    answer(reply) {
      if (era === 'legacy' || reply.kind === 'error') deliverReply(reply);
      else {
        const result = modernResult(reply.result, needs.method, replies.serverInfo());
        deliverReply({ kind: 'result', result });
      }
    },
    reply(call, reply, line) {
      // What readers could take for different things is not passed on as it came.
      const judged = line === undefined ? undefined : judgeText(line);
      const clear = judged?.ambiguous === undefined ? line : undefined;
      const spliced = clear === undefined ? undefined : splice(call, reply, clear);
      if (spliced !== undefined) {
        deliver(spliced, 200);
        return;
      }
      const translated = translate(call, reply);
      const untouched =
        translated === reply && clear !== undefined
          ? withIdReplaced(clear, call.upstreamId, id)
          : undefined;
      if (untouched !== undefined) {
        deliver(untouched, statusOf(reply));
        return;
      }
      const hasBoxed =
        clear !== undefined &&
        judged?.hasLongNumber === true &&
        reply.kind === 'result' &&
        keepExactNumbers(clear, reply, 'result');
      deliverReply(hasBoxed ? translate(call, reply) : translated);
    },
    progress(call, params) {
      const mine = { ...params, progressToken: call.progressToken };
      needs.notify(notificationText('notifications/progress', mine));
    },
    log(_call, params) {
      if (hears(owner, params)) needs.notify(notificationText('notifications/message', params));
    },
    ask: (_call, ask) => needs.ask?.(ask),
    interim(result) {
      const dressed = modernResult(result, needs.method, replies.serverInfo());
      deliverReply({ kind: 'result', result: dressed });
    },
    cancelled: needs.abandon,
    lingers: needs.linger,
  };
}

function splicedReply(id: RequestId, { before, kept, after }: Spliced): Spliced {
  return { before: `${resultHead(id)}${before}`, kept, after: `${after}}` };
}

const tooDeep = {
  code: rpcCodes.internal,
  message: 'The reply of the server is nested too deeply to be passed on',
};

/** The way back for one request. */
export interface Exchange {
  readonly deliver: Deliver;
  /** Sends a message before the reply; false when the client reads no streams. */
  readonly notify: (text: string) => boolean;
  /** What the client said about that when it sent the request. */
  readonly mayStream: boolean;
  /** No reply will come. */
  readonly abandon: () => void;
  /** It takes long, or was sent to a server when it took long already. */
  readonly linger: () => void;
}

/** One POST with one request: answered as JSON, or as a stream once a notification comes before the reply. */
export function createExchange(needs: {
  readonly response: ServerResponse;
  readonly streams: Streams;
  /** False when the client did not say that it reads streams. */
  readonly mayStream: boolean;
}): Exchange {
  const { response, streams } = needs;
  let stream: Stream | undefined;
  return {
    mayStream: needs.mayStream,
    deliver(text, status) {
      if (stream === undefined) {
        sendJson(response, status, text);
        return;
      }
      stream.send(wholeText(text));
      stream.end();
    },
    notify(text) {
      if (!needs.mayStream || response.destroyed) return false;
      stream ??= streams.open(response, {});
      stream.send(text);
      return true;
    },
    // Whoever takes a request back expects no reply: the stream just ends.
    abandon() {
      if (response.destroyed) return;
      stream ??= streams.open(response, {});
      stream.end();
    },
    // The stateless era takes no stream up again, so there is nothing to prepare for.
    linger: () => {},
  };
}
