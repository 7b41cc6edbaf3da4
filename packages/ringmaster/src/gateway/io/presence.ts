import type { Clock } from '../../clock.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Era, Identity } from '../bridge.ts';
import { type Introduction, introduceAll, introduceOne, serverInfoOf } from '../introduction.ts';
import type { JsonObject } from '../messages.ts';
import type { ViewRules } from '../rules.ts';
import type { View } from '../view.ts';
import type { Call } from './calls.ts';
import type { ReplyNeeds } from './legs/exchange.ts';
import type { Shelf } from './shelf.ts';
import type { Tasks } from './tasks.ts';
import type { Upstreams } from './upstream-table.ts';

/** A client is not kept waiting longer than this for the introduction of servers that are still starting. */
const introductionWaitMs = 2_000;

/** What clients are told of an endpoint, and what their replies need to know of the servers behind it. */
export interface Presence {
  /** Calls back once the servers of the view had their time to introduce themselves. */
  introduce(view: View, then: (introduction: Introduction) => void): void;
  replies(view: View): ReplyNeeds;
}

/** Knows the servers by what they said in their handshakes. */
export function createPresence(needs: {
  readonly clock: Clock;
  readonly shelf: Shelf;
  readonly upstreams: Upstreams;
  readonly identity: Identity;
  readonly tasks: Tasks;
  readonly fleet: () => Fleet;
  readonly views: () => ReadonlyMap<string, ViewRules>;
}): Presence {
  const { clock, shelf, upstreams, identity } = needs;
  const ownInfo: JsonObject = { ...identity };
  const repliesOf = new Map<string, ReplyNeeds>();

  function introduction(view: View): Introduction {
    if (view.kind !== 'server') {
      const rules = view.kind === 'view' ? needs.views().get(view.name) : undefined;
      const servers = needs.fleet().servers.flatMap(({ name }) => {
        const result = rules?.includes(name) === false ? undefined : resultOf(name);
        return result === undefined ? [] : [{ server: name, result }];
      });
      return introduceAll(servers, identity, rules?.entry.instructions);
    }
    const result = resultOf(view.server);
    return result === undefined
      ? introduceAll([], identity)
      : introduceOne({ server: view.server, result }, identity);
  }

  function resultOf(server: string): Readonly<Record<string, unknown>> | undefined {
    for (const link of upstreams.get(server)?.links.values() ?? []) {
      if (link.conversation.negotiated !== undefined) return link.conversation.negotiated.result;
    }
    return upstreams.get(server)?.negotiated?.result;
  }

  function introduce(view: View, then: (introduction: Introduction) => void): void {
    let isDone = false;
    const once = (): void => {
      if (isDone) return;
      isDone = true;
      cancel();
      then(introduction(view));
    };
    const cancel = shelf.isReady(view) ? () => {} : clock.after(introductionWaitMs, once);
    shelf.whenReady(view, once);
  }

  function serverEra(call: Call): Era {
    for (const link of upstreams.get(call.server)?.links.values() ?? []) {
      if (link.conversation.negotiated !== undefined) return link.conversation.negotiated.era;
    }
    return upstreams.get(call.server)?.negotiated?.era ?? 'legacy';
  }

  /** Every reply to a stateless client names who answers, so this must not cost a whole introduction. */
  function serverInfo(view: View): JsonObject {
    const result = view.kind === 'server' ? resultOf(view.server) : undefined;
    return (result && serverInfoOf(result)) ?? ownInfo;
  }

  function replies(view: View): ReplyNeeds {
    const known = repliesOf.get(view.key);
    if (known !== undefined) return known;
    const fresh: ReplyNeeds = {
      serverInfo: () => serverInfo(view),
      serverEra,
      tasks: needs.tasks,
      toolOf: upstreams.toolOf,
      renamedUris: (server) => shelf.catalogue(view).renamedUris(server),
    };
    repliesOf.set(view.key, fresh);
    return fresh;
  }

  return { introduce, replies };
}
