import type { Clock } from '../../clock.ts';
import type { Follow } from '../../journal/followers.ts';
import type { ControlNeeds } from './control-server.ts';
import { createNewsDesk } from './news.ts';

/** Open `subscriptions/listen` streams at one time. */
const streamsMax = 100;

/** The control server, ready to answer. */
export interface Serving {
  /** `message` is the body, parsed; undefined when there is none or it is no JSON. */
  fetch(request: Request, message: unknown): Promise<Response>;
  close(): void;
}

/**
 * Loads the SDK and serves both eras: 2026-07-28 request by request, with `subscriptions/listen`; 2025 in sessions, or
 * without one to clients that begin none.
 */
export async function createServing(
  needs: ControlNeeds & { readonly follow: Follow; readonly clock: Clock; newId(): string },
): Promise<Serving> {
  const { clock, newId } = needs;
  const [{ createMcpHandler }, { createControlServer }, { createSessions }] = await Promise.all([
    import('@modelcontextprotocol/server'),
    import('./control-server.ts'),
    import('./sessions.ts'),
  ]);
  const handler = createMcpHandler(
    ({ era }) => createControlServer(needs, { canListen: era === 'modern' }),
    { maxSubscriptions: streamsMax },
  );
  const subscribed = new Map<object, ReadonlyMap<string, unknown>>();
  const sessions = createSessions({
    ...{ clock, newId },
    serve() {
      const uris = new Map<string, () => void>();
      const server = createControlServer(needs, {
        canListen: true,
        subscriptions: { uris, want: (uri) => desk.want([uri]) },
      });
      subscribed.set(server, uris);
      return {
        server,
        onEnd() {
          subscribed.delete(server);
          for (const leave of uris.values()) leave();
        },
      };
    },
  });
  const desk = createNewsDesk({
    // What only reads is asked in nobody's name.
    ...{ ask: needs.askAs(''), follow: needs.follow, clock },
    hear({ uris, isListChanged }) {
      for (const uri of uris) handler.notify.resourceUpdated(uri);
      if (isListChanged) handler.notify.resourcesChanged();
      for (const server of sessions.servers()) {
        const heard = uris.filter((uri) => subscribed.get(server)?.has(uri));
        for (const uri of heard) void server.sendResourceUpdated({ uri }).catch(gone);
        if (isListChanged) void server.sendResourceListChanged().catch(gone);
      }
    },
  });
  return {
    fetch(request, message) {
      const inSession = sessions.answer(request, message);
      if (inSession !== undefined) return inSession;
      const uris = listenedUris(message);
      if (uris.length > 0)
        request.signal.addEventListener('abort', desk.want(uris), { once: true });
      return handler.fetch(request);
    },
    close() {
      desk.close();
      sessions.close();
      void handler.close();
    },
  };
}

/** A client that went away hears nothing more; its session ends by itself. */
function gone(): void {}

/** URIs that one stream may want to hear of, as many as one session; of further ones it is told nothing. */
const listenedMax = 200;

/** What a `subscriptions/listen` wants to hear of. */
function listenedUris(message: unknown): readonly string[] {
  const { method, params } = (message ?? {}) as {
    readonly method?: unknown;
    readonly params?: { readonly notifications?: { readonly resourceSubscriptions?: unknown } };
  };
  const uris = params?.notifications?.resourceSubscriptions;
  if (method !== 'subscriptions/listen' || !Array.isArray(uris)) return [];
  return uris.filter((uri): uri is string => typeof uri === 'string').slice(0, listenedMax);
}
