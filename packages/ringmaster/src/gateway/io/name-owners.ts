import type { Clock } from '../../clock.ts';
import type { Append } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import type { Collision } from '../catalogue.ts';
import { type ListKind, listKinds } from '../protocol.ts';

/** Who has which name, over restarts of servers and of the daemon. */
export interface NameOwners {
  /** Undefined for a name nobody had, or whose owner left the fleet. */
  of(kind: ListKind, name: string): string | undefined;
  /** Writes down new owners; collisions are told once a life of the daemon. */
  settle(built: {
    readonly newOwners: Readonly<Record<ListKind, ReadonlyMap<string, string>>>;
    readonly collisions: readonly Collision[];
  }): void;
}

/** Keeps owners in memory and in the journal's facts. */
export function createNameOwners(needs: {
  readonly clock: Clock;
  readonly append: Append;
  readonly recall: Journal['recall'];
  readonly remember: Journal['remember'];
  readonly isServer: (name: string) => boolean;
}): NameOwners {
  const { recall, remember } = needs;
  const owners = new Map<string, string>();
  const told = new Set<string>();

  function own(kind: ListKind, name: string, owner: string): void {
    const key = `${kind}:${name}`;
    owners.set(key, owner);
    // Servers may list thousands of files: which has a URI is written down once two claim it.
    if (kind === 'resources' || kind === 'templates') return;
    if (recall('name', key) !== owner) remember('name', key, owner);
  }

  function tell({ kind, server, plain, owner, exposedAs }: Collision): void {
    const key = `${kind} ${server} ${plain} ${owner}`;
    if (told.has(key)) return;
    told.add(key);
    remember('name', `${kind}:${plain}`, owner);
    const event = { kind: 'name.collided', subject: server, tool: plain, owner } as const;
    const known = exposedAs === undefined ? event : { ...event, exposedAs };
    needs.append({ atMs: needs.clock.nowMs(), ...known });
  }

  return {
    of(kind, name) {
      const key = `${kind}:${name}`;
      const owner = owners.get(key) ?? recall('name', key);
      return typeof owner === 'string' && needs.isServer(owner) ? owner : undefined;
    },
    settle({ newOwners, collisions }) {
      for (const kind of listKinds) {
        for (const [name, owner] of newOwners[kind]) own(kind, name, owner);
      }
      for (const collision of collisions) tell(collision);
    },
  };
}
