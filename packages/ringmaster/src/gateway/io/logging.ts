import type { Clock } from '../../clock.ts';
import { isLogLevel, type LogLevel, levelFor, mostVerbose, unsetLevel } from '../log-levels.ts';
import { isObject, type JsonObject, writeJson } from '../messages.ts';
import type { Owner } from '../owner.ts';
import type { View } from '../view.ts';
import type { Call } from './calls.ts';
import type { Link } from './instance-link.ts';
import type { Upstreams } from './upstream-table.ts';

/** A server that does not answer is taken to have heard; clients are not kept waiting for it. */
const setLevelTimeoutMs = 3_000;
/** How long a server stays as verbose as a single call of a stateless client wanted it. */
const singleWishMs = 60_000;

/** A level that somebody set for as long as a session lasts. */
export interface Wish {
  readonly owner: Owner;
  readonly view: View;
  readonly level: LogLevel;
}

/** Log messages of servers: how verbose each is asked to be, and whose a message is. */
export interface Logging {
  /** Sets or (undefined) takes back what a session wants; resolves when its servers know. */
  wish(session: string, wish: Wish | undefined): Promise<void>;
  /** A call is about to go out on a link. */
  prepare(link: Link, call: Call): void;
  /** A server of the older eras has begun a conversation. */
  opened(link: Link): void;
  /** A server logs; `via` is the request on whose stream it said so, where the transport tells. */
  message(link: Link, params: JsonObject, via: number | undefined): void;
}

/**
 * Servers of the older eras have one level for the whole connection: the most verbose that anybody they serve wants, on
 * a shared one at least `info`, and each client is told what it wanted. Stateless servers are told with every request.
 * A message that nobody can be named for goes into the log of its server, never to a bystander.
 */
export function createLogging(needs: {
  readonly clock: Clock;
  readonly upstreams: () => Upstreams;
  /** Whether a view has anything of a server. */
  readonly shows: (view: View, server: string) => boolean;
  /** Tells a session outside of any call. */
  readonly tell: (session: string, params: JsonObject) => void;
}): Logging {
  const { clock } = needs;
  const wishes = new Map<string, Wish>();
  const singles = new Map<string, { readonly level: LogLevel; readonly untilTickMs: number }>();
  const levels = new WeakMap<Link, LogLevel>();

  function levelOf({ owner, target: { server } }: Link): LogLevel | undefined {
    const wanted = [...wishes.values()].filter(
      (wish) =>
        (owner === undefined || owner.key === wish.owner.key) && needs.shows(wish.view, server),
    );
    const single = singles.get(server);
    const all = wanted.map(({ level }) => level);
    if (single !== undefined && single.untilTickMs > clock.tickMs()) all.push(single.level);
    if (all.length > 0 && owner === undefined) all.push(unsetLevel);
    return mostVerbose(all);
  }

  async function apply(link: Link): Promise<void> {
    if (link.state !== 'open' || !hasSessionLevel(link)) return;
    const before = levels.get(link);
    const level = levelOf(link) ?? (before === undefined ? undefined : unsetLevel);
    if (level === undefined || level === before) return;
    levels.set(link, level);
    try {
      await link.conversation.ask('logging/setLevel', { level }, setLevelTimeoutMs);
    } catch {
      // It keeps the level it had; what it sends is filtered all the same.
    }
  }

  async function applyTo(shown: (server: string) => boolean): Promise<void> {
    const links = needs.upstreams().links();
    await Promise.all(links.filter(({ target }) => shown(target.server)).map(apply));
  }

  return {
    async wish(session, wish) {
      const before = wishes.get(session);
      if (wish === undefined) wishes.delete(session);
      else wishes.set(session, wish);
      const view = wish?.view ?? before?.view;
      if (view !== undefined) await applyTo((server) => needs.shows(view, server));
    },
    prepare(link, { caller: { owner } }) {
      if (owner.era !== 'modern' || !isLogLevel(owner.logLevel) || !hasSessionLevel(link)) return;
      const { server } = link.target;
      const before = singles.get(server);
      const isLive = before !== undefined && before.untilTickMs > clock.tickMs();
      const level = mostVerbose(isLive ? [before.level, owner.logLevel] : [owner.logLevel]);
      if (level === undefined) return;
      singles.set(server, { level, untilTickMs: clock.tickMs() + singleWishMs });
      if (before === undefined) {
        clock.after(singleWishMs + 1, function lower() {
          const single = singles.get(server);
          if (single === undefined) return;
          const leftMs = single.untilTickMs - clock.tickMs();
          if (leftMs > 0) clock.after(leftMs + 1, lower);
          else {
            singles.delete(server);
            void applyTo((one) => one === server);
          }
        });
      }
      void apply(link);
    },
    opened: (link) => void apply(link),
    message(link, params, via) {
      const call = callOf(link, via);
      const { owner } = link;
      if (call !== undefined) call.caller.log(call, params);
      else if (owner?.session !== undefined) needs.tell(owner.session, params);
      else link.target.channel?.note?.(noteOf(params));
    },
  };
}

/** The call a message belongs to: the one it came with, or the newest where all in flight are one client's. */
function callOf({ conversation }: Link, via: number | undefined): Call | undefined {
  const isModern = conversation.negotiated?.era === 'modern';
  // Stateless servers log only for requests that want it.
  const inFlight = conversation
    .calls()
    .filter(({ caller }) => !isModern || levelFor(caller.owner) !== undefined);
  if (via !== undefined) return inFlight.find(({ upstreamId }) => upstreamId === via);
  const [newest, ...others] = inFlight;
  if (newest === undefined) return undefined;
  const { owner } = newest.caller;
  // Stateless clients all have one key: two of their calls may be two clients'.
  if (owner.era === 'modern') return others.length === 0 ? newest : undefined;
  return others.every(({ caller }) => caller.owner.key === owner.key) ? newest : undefined;
}

function hasSessionLevel({ conversation: { negotiated } }: Link): boolean {
  if (negotiated === undefined || negotiated.era === 'modern') return false;
  const { capabilities } = negotiated.result;
  return isObject(capabilities) && isObject(capabilities['logging']);
}

function noteOf({ level, logger, data }: JsonObject): string {
  const name = typeof logger === 'string' ? ` ${logger}:` : '';
  const text = typeof data === 'string' ? data : (writeJson(data) ?? '');
  return `${String(level).toUpperCase()}${name} ${text.replace(/\s*[\r\n]+\s*/g, ' ')}`;
}
