import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import { Problem } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Append } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import type { ConversationTarget } from '../../supervisor/conversation.ts';
import type { Identity } from '../bridge.ts';
import { createEventStore, type EventLimits } from '../event-store.ts';
import type { Gateway } from '../gateway.ts';
import { notificationText } from '../messages.ts';
import { serverRules, type ViewRules, viewRules } from '../rules.ts';
import { type BeginTrace, newTraceparent } from '../trace.ts';
import type { View } from '../view.ts';
import { createAsking } from './asking.ts';
import type { Authorizer } from './auth/authorizer.ts';
import { createBodies } from './bodies.ts';
import { createCalls } from './calls.ts';
import { createCursors } from './cursors.ts';
import { createFrontDoor } from './front-door.ts';
import { createHeartbeat } from './heartbeat.ts';
import { createKeepsakes } from './legs/keepsakes.ts';
import { createLegacyClients } from './legs/legacy-client.ts';
import { createLegacyMessages } from './legs/legacy-messages.ts';
import { createModernClients } from './legs/modern-client.ts';
import { createSessionMethods } from './legs/session-methods.ts';
import { createSessions } from './legs/sessions.ts';
import { createSseClients, type SseClients } from './legs/sse-client.ts';
import { createLists } from './lists.ts';
import { createLogging } from './logging.ts';
import { callAsOperator } from './operator.ts';
import { createPresence } from './presence.ts';
import { createRouter } from './router.ts';
import { createSeal } from './seal.ts';
import { createShelf } from './shelf.ts';
import { createStreams } from './streams.ts';
import { createSubscriptions } from './subscriptions.ts';
import { createTasking } from './tasking.ts';
import { exposedTools, findTools } from './tool-listing.ts';
import { createUpstreams } from './upstreams.ts';

/** What the daemon gives the gateway. */
export interface GatewayNeeds {
  readonly clock: Clock;
  readonly append: Append;
  readonly recall: Journal['recall'];
  readonly recallAll: Journal['recallAll'];
  readonly remember: Journal['remember'];
  readonly flushWithin: Journal['flushWithin'];
  readonly beginTrace: BeginTrace;
  readonly fleet: Fleet;
  /** Of the product, told to clients and servers. */
  readonly version: string;
  /** Signs requests to a remote server; undefined where nobody needs to sign in. */
  readonly authorizerFor: (target: ConversationTarget) => Authorizer | undefined;
}

/** The gateway, and `handle`, which answers one MCP request over HTTP. */
export function createGateway(needs: GatewayNeeds): Gateway & {
  handle(request: IncomingMessage, response: ServerResponse, view: View): void;
  /** One request of HTTP+SSE; refused unless the fleet file wants it served. */
  readonly handleSse: SseClients['handle'];
  /** Notes that a client was cut off, as it does not read. */
  readonly noteCut: (unreadBytes: number, why: string) => void;
} {
  const { clock, append, recall, remember } = needs;
  const identity: Identity = { name: 'ringmaster', title: 'Ringmaster', version: needs.version };
  let fleet = needs.fleet;
  let callTimeouts = new Map<string, number>();
  let views: ReadonlyMap<string, ViewRules> = new Map();

  const calls = createCalls({ clock, append, beginTrace: needs.beginTrace });
  const seal = createSeal({ recall, remember });
  const labelled = (label: string) => sessions.labelled(label);
  const { tasks, taskNews, taskList } = createTasking({
    ...{ clock, identity, seal, shows, labelled, upstreams: () => upstreams },
    save: (session) => sessions.save(session),
    written: (then) => keepsakes.written(then),
  });
  const { asks, sessionAsks, offered, hasRoots } = createAsking({
    ...{ clock, append, recall, remember, calls, seal, labelled },
    fleet: () => fleet,
    dispatch: (call) => upstreams.dispatch(call),
    toolOf: (call) => upstreams.toolOf(call),
  });
  const subscriptions = createSubscriptions({ shelf: () => shelf, upstreams: () => upstreams });
  const logging = createLogging({
    clock,
    upstreams: () => upstreams,
    shows,
    tell: (session, params) => methods.log(session, params),
  });
  const upstreams = createUpstreams({
    ...{ subscriptions, logging, tasks, taskNews },
    tellSession(label, method, params) {
      labelled(label)?.streams.send(notificationText(method, params));
    },
    startTrace: () => newTraceparent(randomBytes(24).toString('hex')),
    calls,
    asks,
    ...{ offered, hasRoots },
    clock,
    identity,
    append,
    recall,
    remember,
    authorizerFor: needs.authorizerFor,
    onChange: (server) => shelf.refresh(server),
    ownerOfSession: (label) => labelled(label)?.owner,
    askPresence: createHeartbeat({
      ...{ clock, sessionAsks, labelled },
      patienceMs: () => fleet.sessions.pingTimeoutMs,
    }),
  });
  const shelf = createShelf({
    clock,
    append,
    recall,
    remember,
    upstreams: () => upstreams,
    announce(view, changed) {
      legacy.announce(view, changed);
      modern.announce(view, changed);
    },
  });
  const cursors = createCursors(randomBytes(32));
  const lists = createLists({ shelf, upstreams, cursors, clock, identity });
  const { introduce, replies } = createPresence({
    ...{ clock, shelf, upstreams, identity, tasks },
    fleet: () => fleet,
    views: () => views,
  });
  const router = createRouter({
    shelf,
    upstreams,
    calls,
    ...{ lists, tasks, clock, append },
    callTimeoutMs: (server) => callTimeouts.get(server) ?? 300_000,
    hasServer: (server) => callTimeouts.has(server),
  });
  const noteCut = (unreadBytes: number, why: string): void =>
    append({ atMs: clock.nowMs(), kind: 'stream.cut', subject: 'fleet', unreadBytes, why });
  const streams = createStreams(clock, noteCut);
  const store = createEventStore(eventLimits(fleet));
  const keepsakes = createKeepsakes(needs, clock);
  const methods = createSessionMethods({
    ...{ subscriptions, logging, labelled, tasks: taskList },
    save: (one) => sessions.save(one),
  });
  const sessions = createSessions({
    ...{ clock, append, limits: fleet.sessions, streams, store },
    ...{ stored: keepsakes.stored, keep: keepsakes.keep, keeperOf: keepsakes.keeperOf },
    onRestored: methods.restored,
    onEnded(session) {
      methods.ended(session);
      sessionAsks.ended(session);
      upstreams.endSession(session.label);
    },
  });
  const messages = createLegacyMessages({
    ...{ clock, sessions, methods, router, calls, replies, introduce, asks: sessionAsks },
    ...{ awaitReply: upstreams.awaitReply, written: keepsakes.written },
    onRoots(session) {
      for (const link of upstreams.links()) if (link.owner?.session === session) link.tellOfRoots();
    },
  });
  const shared = { streams, router, calls, asks, replies, introduce };
  const legacy = createLegacyClients({ sessions, messages });
  const modern = createModernClients({
    ...shared,
    ...{ subscriptions, tasks, taskNews },
    toolNamed: (view, name) => shelf.catalogue(view).find('tools', name)?.definition,
  });
  const how = { isServed, bodies: createBodies(), maxBodyBytes: () => fleet.listen.maxBodyBytes };
  const door = createFrontDoor({ legacy, modern, ...how });
  const sse = createSseClients({
    ...{ clock, streams, sessions, messages, ...how },
    isOn: fleet.listen.legacySse,
  });

  function shows(view: View, server: string): boolean {
    if (view.kind === 'server') return view.server === server;
    return view.kind === 'all' || views.get(view.name)?.includes(server) === true;
  }

  function setFleet(next: Fleet): void {
    fleet = next;
    const conversing = fleet.servers.filter(({ kind }) => kind !== 'service');
    callTimeouts = new Map(conversing.map(({ name, limits }) => [name, limits.callTimeoutMs]));
    sessions.setLimits(fleet.sessions);
    store.setLimits(eventLimits(fleet));
    upstreams.keep(conversing);
    for (const { name, enabled } of conversing) {
      if (!enabled)
        upstreams.conversations.expect(name, 'gone', 'it is disabled in the fleet file');
    }
    views = new Map(
      Object.entries(fleet.views).map(([name, entry]) => [name, viewRules(name, entry)]),
    );
    shelf.setServers({
      servers: conversing.map((spec) => ({
        name: spec.name,
        rules: serverRules(spec, fleet.prefix),
      })),
      views,
      search: fleet.search,
      waitMs: fleet.catalogueWaitMs,
    });
  }

  function isServed(view: View): boolean {
    if (view.kind === 'server') return callTimeouts.has(view.server);
    return view.kind === 'all' || views.has(view.name);
  }

  setFleet(fleet);
  for (const stream of keepsakes.streams()) {
    if (!messages.restore(stream)) keepsakes.keeperOf(stream.session).done(stream.name);
  }
  return {
    conversations: upstreams.conversations,
    setFleet,
    tools: ({ server, view } = {}) => exposedTools(shelf, { server, view }),
    findTools: (wanted) => findTools(shelf, wanted),
    callTool(call) {
      const timeoutMs = callTimeouts.get(call.server);
      if (timeoutMs === undefined) {
        const what = `There is no MCP server "${call.server}" in the fleet`;
        return Promise.reject(new Problem('server_not_found', what));
      }
      return callAsOperator({ calls, upstreams, shelf }, { ...call, limitMs: timeoutMs });
    },
    upstream(server, index) {
      const link = upstreams.get(server)?.links.get(index);
      const negotiated = link?.conversation.negotiated;
      if (negotiated === undefined) return undefined;
      return {
        era: negotiated.era,
        protocolVersion: negotiated.protocolVersion,
        tools: upstreams.get(server)?.lists.tools.length ?? 0,
        refuses: upstreams.get(server)?.refusals.words(),
      };
    },
    leased(server) {
      const links = upstreams.get(server)?.links.values() ?? [];
      return [...links].filter(({ lease }) => lease !== undefined).length;
    },
    sessionCount: sessions.count,
    async close() {
      modern.close();
      sessions.close();
      streams.close();
    },
    handle: door,
    handleSse: sse.handle,
    noteCut,
  };
}

function eventLimits({ sessions }: Fleet): EventLimits {
  const { eventBytes, eventTotalBytes, eventKeepMs } = sessions;
  return { perSession: eventBytes, total: eventTotalBytes, keepMs: eventKeepMs };
}
