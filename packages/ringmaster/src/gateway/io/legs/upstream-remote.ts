import { isObject } from '../../messages.ts';
import type { Outgoing, Wire } from '../wire.ts';
import { greetingText, type HttpNeeds, httpWire } from './upstream-http.ts';
import { sseWire } from './upstream-sse.ts';

/** What a server of HTTP+SSE answers to a POST where its stream is (2025-11-25, backwards compatibility). */
const notHere: ReadonlySet<unknown> = new Set([400, 404, 405]);

/**
 * Speaks to a server at a URL: Streamable HTTP, or HTTP+SSE when the server answers `initialize` as those do that know
 * nothing else.
 */
export async function remoteWire(needs: HttpNeeds): Promise<Wire> {
  const { target, ears } = needs;
  if (target.resume?.transport === 'sse') {
    const text = greetingText(target.resume, needs);
    const hello: Outgoing = { text, id: undefined, method: 'initialize', name: undefined };
    return sseWire({ ...needs, hello, isKnown: true });
  }
  let hello: Outgoing | undefined;
  let wire = httpWire({
    ...needs,
    ears: {
      ...ears,
      failed(id, why) {
        const data = isObject(why.error.data) ? why.error.data : {};
        if (hello?.id !== id || !notHere.has(data['status'])) {
          ears.failed(id, why);
          return;
        }
        tryStream(hello).catch(() => ears.failed(id, why));
      },
    },
  });

  async function tryStream(first: Outgoing): Promise<void> {
    const stream = await sseWire({ ...needs, hello: first, isKnown: false });
    // The server was left meanwhile, or has said in another way what it speaks.
    if (hello !== first) return stream.close();
    wire.close();
    wire = stream;
    stream.send(first);
  }

  return {
    send(message) {
      if (message.method === 'initialize') hello = message;
      return wire.send(message);
    },
    abort: (id) => wire.abort(id),
    settled: (id) => wire.settled?.(id),
    knock: async () => wire.knock?.(),
    agreed(negotiated) {
      hello = undefined;
      wire.agreed(negotiated);
    },
    sessionId: () => wire.sessionId(),
    get transport() {
      return wire.transport;
    },
    unsent: () => wire.unsent(),
    close() {
      hello = undefined;
      wire.close();
    },
  };
}
