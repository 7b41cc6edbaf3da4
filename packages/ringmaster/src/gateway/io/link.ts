import type { Clock } from '../../clock.ts';
import { messageChain, Problem } from '../../errors.ts';
import type { ConversationTarget, Negotiated } from '../../supervisor/conversation.ts';
import type { Era, Identity } from '../bridge.ts';
import { isObject, type JsonObject, notificationText, type Reply } from '../messages.ts';
import type { Owner } from '../owner.ts';
import { type ListKind, listKinds, listsOfNotification } from '../protocol.ts';
import type { Asks } from './asks.ts';
import type { Authorizer } from './auth/authorizer.ts';
import type { Call, Calls } from './calls.ts';
import { createConversation } from './conversation.ts';
import { shakeHands } from './handshake.ts';
import { createHolds } from './holds.ts';
import type { Link } from './instance-link.ts';
import { stdioWire } from './legs/upstream-stdio.ts';
import { createListening } from './listening.ts';
import { type ReadLists, readLists, withoutFaultyMarks } from './listing.ts';
import type { Logging } from './logging.ts';
import { noteChange, nothingTold } from './looked.ts';
import type { Subscriptions } from './subscriptions.ts';
import { createTaskDesk } from './task-desk.ts';
import type { TaskNews } from './task-news.ts';
import type { Tasks } from './tasks.ts';
import { createSessionWatch } from './watch.ts';
import { closedWire, type Wire } from './wire.ts';

/** Changes of a server's lists that come together are read once. */
const relistDelayMs = 20;
/**
 * The supervisor's own deadline ends a start that takes too long, whatever it waits for; this one only keeps a
 * forgotten question from waiting for ever.
 */
const openTimeoutMs = 3_600_000;
/** Lists are read again in the background; a server that does not answer keeps those it had. */
const relistTimeoutMs = 60_000;
/**
 * Ends whatever half a line the daemon before us may have written. Where there is none it is a
 * message that means nothing, as no request has this id: an empty line ends servers that take each
 * line for JSON.
 */
const lineEnd = notificationText('notifications/cancelled', { requestId: 0 });

/** What a link needs of the table of servers. */
export interface LinkNeeds {
  readonly target: ConversationTarget;
  readonly calls: Calls;
  readonly asks: Asks;
  /** The capabilities a server with a handshake is offered. */
  readonly offered: (owner: Owner | undefined) => JsonObject;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly recallEra: () => unknown;
  readonly rememberEra: (era: Era | undefined, guessed: boolean) => void;
  /** The handshake is answered: waiting calls may go out. */
  readonly onOpen: () => void;
  /** Nothing is in flight any more. */
  readonly onQuiet: () => void;
  /** A tool's definition, as far as it is known. */
  readonly toolNamed: (name: string) => JsonObject | undefined;
  /** Signs requests to a remote server. */
  readonly authorizer: Authorizer | undefined;
  readonly onLists: (read: ReadLists) => void;
  readonly subscriptions: Subscriptions;
  readonly logging: Logging;
  readonly tasks: Pick<Tasks, 'idOf' | 'held' | 'begin'>;
  readonly taskNews: TaskNews;
  /** Sends a session a notification on its own stream. */
  readonly tellSession: (session: string, method: string, params: JsonObject) => void;
  /** A new `traceparent`. */
  readonly startTrace: () => string;
  /** A tool that must not be shown, and the rule its schema breaks. */
  readonly onRefusedTool: (tool: string, why: string) => void;
}

/** Prepares a conversation with one instance; `open` starts it. */
export function createLink(needs: LinkNeeds): Link {
  const { target, clock, identity } = needs;
  let wire: Wire = closedWire;
  const offered = () => needs.offered(link.toldTools.isOwn ? link.owner : undefined);
  const stale = new Set<ListKind>();
  const holds = createHolds({
    onHold() {
      link.quietSinceTickMs = undefined;
    },
    onFree() {
      if (link.state !== 'lost' && conversation.inFlight() === 0) needs.onQuiet();
    },
  });
  const desk = createTaskDesk({
    ...{ calls: needs.calls, asks: needs.asks, tasks: needs.tasks, clock, identity },
    ...{ toolNamed: needs.toolNamed, tellSession: needs.tellSession, hold: holds.hold },
    conversation: () => conversation,
    news: {
      wanted: () => needs.taskNews.wantedOf(link),
      told: (taskId, task) => needs.taskNews.told(link, taskId, task),
    },
  });

  const conversation = createConversation({
    target,
    calls: { ...needs.calls, answer },
    asks: { ...needs.asks, put: desk.put },
    owner: () => link.owner,
    ...{ clock, identity },
    wire: () => wire,
    trace: { isTrusted: target.kind !== 'remote', start: needs.startTrace },
    onQuiet: needs.onQuiet,
    onNotification(method, params, via) {
      if (link.watch.takes(method, params) || desk.hears(method, params)) return;
      const kinds = listsOfNotification.get(method);
      if (kinds !== undefined) relistSoon(kinds);
      else if (method === 'notifications/resources/updated')
        needs.subscriptions.updated(link, params);
      else if (method === 'notifications/message') needs.logging.message(link, params, via);
      else if (method === 'notifications/elicitation/complete')
        needs.asks.completed(target.server, params);
    },
  });

  const onMissed = (): void => needs.subscriptions.missed(link);

  function answer(call: Call, reply: Reply, line: string | undefined): void {
    if (!desk.answers(call, reply)) needs.calls.answer(call, reply, line);
  }

  /** Changes may have gone unheard: everything is looked at again. */
  function missed(): void {
    relistSoon(listKinds);
    onMissed();
  }

  /** The server forgot our session, and all that was subscribed to in it. */
  function renewed(): void {
    relistSoon(listKinds);
    link.watch = createSessionWatch(conversation, onMissed);
    link.watch.open(needs.subscriptions.wantedOf(link));
  }

  function relistSoon(kinds: readonly ListKind[]): void {
    const isFirst = stale.size === 0;
    if (kinds.includes('tools')) noteChange(link.toldTools);
    for (const kind of kinds) stale.add(kind);
    if (!isFirst) return;
    clock.after(relistDelayMs, () => {
      void relist([...stale]);
      stale.clear();
    });
  }

  async function relist(kinds: readonly ListKind[]): Promise<void> {
    if (link.state !== 'open') return;
    try {
      const read = await readLists(conversation, { kinds, timeoutMs: relistTimeoutMs, identity });
      if (link.state === 'open') needs.onLists(usable(read));
    } catch {
      // The lists known before stay; a server that is gone has its own end.
    }
  }

  function usable(read: ReadLists): ReadLists {
    const isMirrored = target.url !== undefined && conversation.negotiated?.era === 'modern';
    return isMirrored ? withoutFaultyMarks(read, needs.onRefusedTool) : read;
  }

  async function connect(): Promise<Wire> {
    if (target.channel !== undefined) return stdioWire(target.channel, conversation.receive);
    if (target.url === undefined) {
      throw new Problem(
        'conversation_failed',
        `Server "${target.server}" has neither pipes nor URL`,
      );
    }
    // Loaded when first needed: a fleet of stdio servers never pays for it.
    const { remoteWire } = await import('./legs/upstream-remote.ts');
    const ears = { ...conversation, renewed, missed, relistTools: () => relist(['tools']) };
    const { toolNamed, authorizer } = needs;
    const about = { target, url: target.url, clock, ears, identity };
    return remoteWire({ ...about, toolNamed, capabilities: offered, authorizer });
  }

  async function negotiate(): Promise<Negotiated> {
    if (target.resume !== undefined) {
      target.channel?.send(lineEnd);
      return target.resume;
    }
    return shakeHands({
      conversation,
      server: target.server,
      knock: wire.knock,
      wanted: target.era,
      ...{ clock, identity },
      capabilities: offered(),
      timeoutMs: openTimeoutMs,
      startTimeoutMs: target.startTimeoutMs,
      recallEra: needs.recallEra,
      rememberEra: needs.rememberEra,
      isLost: () => link.state === 'lost',
    });
  }

  async function open(): Promise<Negotiated> {
    try {
      wire = await connect();
      const agreed = await negotiate();
      wire.agreed(agreed);
      const [sessionId, { transport }] = [wire.sessionId(), wire];
      const learned = {
        ...(sessionId === undefined ? {} : { sessionId }),
        ...(transport === undefined ? {} : { transport }),
      };
      const negotiated = Object.keys(learned).length === 0 ? agreed : { ...agreed, ...learned };
      conversation.negotiated = negotiated;
      if (negotiated.era === 'modern') {
        link.watch = createListening({
          ...{ conversation, clock, identity, onGap: missed, onTasks: desk.tell },
          tasks: () => [...needs.taskNews.wantedOf(link).keys()],
        });
      }
      if (negotiated.era === 'legacy' && target.resume === undefined) {
        conversation.notify('notifications/initialized');
      }
      // Draining may have begun, or the process ended, while we waited.
      if (link.state === 'opening') link.state = 'open';
      needs.logging.opened(link);
      needs.onOpen();
      const how = { kinds: listKinds, timeoutMs: openTimeoutMs, identity };
      const read = await readLists(conversation, how);
      if (link.state !== 'lost') needs.onLists(usable(read));
      if (link.state === 'open') link.watch.open(needs.subscriptions.wantedOf(link));
      return negotiated;
    } catch (error) {
      link.end('its conversation could not be opened');
      if (error instanceof Problem) throw error;
      const what = `Cannot open a conversation with server "${target.server}": ${messageChain(error)}`;
      throw new Problem('conversation_failed', what, { cause: error });
    }
  }

  const link: Link = {
    target,
    conversation,
    holds,
    owner: undefined,
    relist,
    lease: undefined,
    toldTools: nothingTold(),
    quietSinceTickMs: undefined,
    aloneId: 0,
    watch: createSessionWatch(conversation, onMissed),
    state: 'opening',
    open,
    send(call) {
      if (!desk.takes(call)) conversation.send(call);
    },
    tasksChanged() {
      link.watch.tasksChanged();
      desk.listenedTo();
    },
    tellOfRoots() {
      const { roots } = link.owner?.capabilities ?? {};
      const mayChange = isObject(roots) && roots['listChanged'] === true;
      if (!mayChange || conversation.negotiated?.era !== 'legacy' || link.state === 'lost') return;
      conversation.notify('notifications/roots/list_changed');
    },
    unsent: () => wire.unsent(),
    end(reason) {
      if (link.state === 'lost') return;
      link.state = 'lost';
      link.watch.close();
      conversation.lose(reason);
      wire.close();
    },
  };
  return link;
}
