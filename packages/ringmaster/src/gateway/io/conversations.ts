import type { Clock } from '../../clock.ts';
import { Problem } from '../../errors.ts';
import type { Conversations, ConversationTarget } from '../../supervisor/conversation.ts';
import { envelope, type Identity } from '../bridge.ts';
import type { Call } from './calls.ts';
import type { Link } from './instance-link.ts';
import { RefusedByServer } from './own-request.ts';
import type { Upstream } from './upstream.ts';

/** Ids of the requests among some messages of ours; the first may be cut, as the server read its beginning. */
function requestIdsOf(messages: readonly string[]): number[] {
  return messages.flatMap((text) => {
    try {
      const { id } = JSON.parse(text);
      return typeof id === 'number' ? [id] : [];
    } catch {
      return [];
    }
  });
}

/** The supervisor's side of the table of servers: it opens, probes, drains and closes what it runs. */
export function createConversations(needs: {
  readonly table: ReadonlyMap<string, Upstream>;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly onChange: (server: string) => void;
  /** The server's row, made when there is none. */
  readonly ensure: (server: string, limits: Upstream['limits']) => Upstream;
  readonly expect: (upstream: Upstream, expected: 'back' | 'gone', why: string) => void;
  /** A process is gone that was never spoken with. */
  readonly onUnopened: (upstream: Upstream) => void;
  readonly linkFor: (upstream: Upstream, target: ConversationTarget) => Link;
  /** Gives an adopted process the calls it had when the daemon before us ended. */
  readonly inherit: (link: Link) => void;
  /** Sends a call to its server, or lets it wait for it. */
  readonly dispatch: (call: Call) => void;
  readonly loadOf: Conversations['load'];
  readonly remembers: Conversations['remembers'];
  readonly onDemand: Conversations['onDemand'];
}): Conversations {
  const { table, clock, identity, onChange, ensure, expect, linkFor, dispatch } = needs;

  function linkOf(server: string, index: number): Link | undefined {
    return table.get(server)?.links.get(index);
  }

  return {
    async open(target) {
      const upstream = ensure(target.server, target.limits);
      upstream.links.get(target.index)?.end('a newer process took its place');
      const link = linkFor(upstream, target);
      upstream.links.set(target.index, link);
      needs.inherit(link);
      upstream.expected = 'back';
      upstream.why = 'it is starting';
      try {
        return await link.open();
      } catch (error) {
        if (upstream.links.get(target.index) === link) upstream.links.delete(target.index);
        upstream.settled = true;
        onChange(target.server);
        throw error;
      }
    },
    async probe(server, index, timeoutMs) {
      const link = linkOf(server, index);
      const negotiated = link?.conversation.negotiated;
      if (link === undefined || negotiated === undefined) {
        throw new Problem('server_down', `Server "${server}" has no open conversation`);
      }
      const isAlive = link.conversation.answered;
      link.conversation.answered = false;
      if (isAlive) return;
      const modern = negotiated.era === 'modern';
      const method = modern ? 'server/discover' : 'ping';
      const params = modern ? { _meta: envelope(negotiated.protocolVersion, identity) } : undefined;
      try {
        await link.conversation.ask(method, params, timeoutMs);
      } catch (error) {
        // An error is an answer: old servers do not know ping, and are alive all the same.
        if (!(error instanceof RefusedByServer)) throw error;
      }
    },
    noise: (server, index) => linkOf(server, index)?.conversation.dropped.sample,
    inFlight(server, index) {
      const link = linkOf(server, index);
      return link === undefined ? 0 : link.conversation.inFlight() + link.holds.count();
    },
    drain(server, index, timeoutMs) {
      const link = linkOf(server, index);
      if (link === undefined) return Promise.resolve();
      link.state = 'draining';
      return new Promise((resolve) => {
        const cancel = clock.after(timeoutMs, resolve);
        const done = (): void => {
          cancel();
          resolve();
        };
        link.conversation.whenQuiet(() => link.holds.whenFree(done));
      });
    },
    close({ server, index, generation, reason, expected, unread }) {
      const upstream = table.get(server);
      const link = upstream?.links.get(index);
      if (upstream === undefined) return;
      if (link === undefined) {
        needs.onUnopened(upstream);
        return;
      }
      if (link.target.generation !== generation) return;
      upstream.links.delete(index);
      const untouched = link.conversation.takeBack([...requestIdsOf(unread), ...link.unsent()]);
      link.end(reason);
      expect(upstream, expected, reason);
      for (const call of untouched) dispatch(call);
    },
    load: needs.loadOf,
    remembers: needs.remembers,
    onDemand: needs.onDemand,
    expect(server, expected, why) {
      const upstream = table.get(server);
      if (upstream !== undefined) expect(upstream, expected, why);
    },
  };
}
