import type { ServerSpec } from '../../fleet/fleet.ts';
import type { LinkLoad, Negotiated, PoolLoad } from '../../supervisor/conversation.ts';
import type { Reading } from '../cache-hints.ts';
import { noLists, type ServerLists } from '../catalogue.ts';
import { everyExtra, namesOf } from '../extra-tools.ts';
import { type Failure, failure, type JsonObject } from '../messages.ts';
import type { PaceMeter } from '../pace.ts';
import { type ListKind, listKinds } from '../protocol.ts';
import type { Call } from './calls.ts';
import type { Link } from './instance-link.ts';
import { hasSameItems, mergedLists, type ReadLists } from './listing.ts';
import { type Looked, nothingLooked } from './looked.ts';
import type { Refusals } from './refusals.ts';

/** What the gateway knows of one server, over all its lives. */
export interface Upstream {
  readonly server: string;
  readonly links: Map<number, Link>;
  /** Calls that came while no instance could take them, oldest first. */
  readonly waiting: Set<Call>;
  lists: ServerLists;
  /** When each list was read, and for how long it may be kept. */
  readonly readings: Partial<Record<ListKind, Reading>>;
  readonly refusals: Refusals;
  /** The first start is over, well or badly: lists no longer wait for it. */
  settled: boolean;
  expected: 'back' | 'gone';
  /** Why it is not running, or what it is about to do. */
  why: string;
  limits: { readonly waitMs: number; readonly maxInFlight: number };
  pool: Pick<ServerSpec['pool'], 'mode' | 'idleStopMs'>;
  /** Its entry in the fleet file; undefined only for one that left it. */
  spec: ServerSpec | undefined;
  /** Of its newest process: the key of facts about it. */
  launchHash: string | undefined;
  /** What it agreed to last; known also while it sleeps. */
  negotiated: Negotiated | undefined;
  /** A process that takes no calls but those of one client that waits for it. */
  reserved: Link | undefined;
  /** Present where load can bring more processes. */
  pace: PaceMeter | undefined;
  /** What it offers to some clients only. */
  readonly looked: Looked;
  /** When the supervisor was told last that calls queue up. */
  pressedAtTickMs: number;
}

/** A server of which nothing is known yet. */
export function newUpstream(
  server: string,
  limits: Upstream['limits'],
  refusals: Refusals,
): Upstream {
  return {
    server,
    links: new Map(),
    waiting: new Set(),
    lists: noLists,
    readings: {},
    refusals,
    settled: false,
    expected: 'back',
    why: 'it has not started yet',
    limits,
    pool: { mode: 'auto', idleStopMs: Number.POSITIVE_INFINITY },
    spec: undefined,
    launchHash: undefined,
    negotiated: undefined,
    reserved: undefined,
    pace: undefined,
    looked: nothingLooked(),
    pressedAtTickMs: Number.NEGATIVE_INFINITY,
  };
}

/** Takes over lists just read; true when clients could see a difference. */
export function takeLists(upstream: Upstream, read: ReadLists, nowTickMs: number): boolean {
  const before = upstream.lists;
  upstream.lists = mergedLists(before, read.lists);
  for (const kind of listKinds) {
    if (read.lists[kind] === undefined) continue;
    upstream.readings[kind] = { readAtMs: nowTickMs, hints: read.hints[kind] };
  }
  upstream.refusals.take(read);
  const isNews = !upstream.settled || !hasSameItems(before, upstream.lists);
  upstream.settled = true;
  return isNews;
}

/** What each process of a server does, by its index in the pool. */
export function linkLoads({ links }: Upstream): PoolLoad['links'] {
  return new Map(
    [...links.values()].map((link): [number, LinkLoad] => {
      const inFlight = link.conversation.inFlight() + link.holds.count();
      const isSpent = link.lease !== undefined && link.state === 'draining';
      const use = link.lease === undefined ? 'free' : isSpent ? 'spent' : 'leased';
      const idleSinceTickMs = use === 'free' ? link.quietSinceTickMs : undefined;
      return [link.target.index, { inFlight, use, idleSinceTickMs }];
    }),
  );
}

/** Of a server nobody knows. */
export const noLoad: PoolLoad = { waiting: 0, leasesWanted: 0, links: new Map(), pace: undefined };

/** The definition of one of its tools, by its own name, as far as it is known. */
export function toolNamed(
  upstream: Upstream | undefined,
  name: string | undefined,
): JsonObject | undefined {
  const isMeant = (tool: JsonObject): boolean => tool['name'] === name;
  return (
    upstream?.lists.tools.find(isMeant) ??
    (upstream === undefined ? undefined : everyExtra(upstream.looked.extras).find(isMeant))
  );
}

/** All it offers to anybody. */
export function wholeLists({ lists, looked }: Upstream): ServerLists {
  // One that is gone for now offers nothing.
  if (lists === noLists) return lists;
  const known = namesOf(lists.tools);
  const extras = everyExtra(looked.extras).filter(({ name }) => !known.has(name));
  return extras.length === 0 ? lists : { ...lists, tools: [...lists.tools, ...extras] };
}

/** Whether one of its processes takes calls. */
export function isServing({ links }: Upstream): boolean {
  return [...links.values()].some(({ state }) => state === 'open');
}

/** Why a call waited in vain although the server runs. */
export function allTaken({ server, links, pool }: Upstream, waitedMs: number): Failure {
  const all = [...links.values()];
  const taken = all.filter(({ lease }) => lease !== undefined).length;
  const isComing = all.some(({ state }) => state === 'opening');
  const why = isComing ? 'another is still starting' : 'pool.max allows no more';
  const what = `${taken} of its ${all.length} processes serve one client each (pool.mode ${pool.mode}), and ${why}`;
  return failure(
    'server_busy',
    `Server "${server}" had no process free in ${waitedMs} ms: ${what}`,
    {
      server,
    },
  );
}

/** No process answers, and why. */
export function notRunning(server: string, why: string): Failure {
  return failure('server_down', `Server "${server}" is not running: ${why}`, { server });
}

/** It runs, and takes no more. */
export function busy(server: string, why: string): Failure {
  return failure('server_busy', `Server "${server}" takes no more calls: ${why}`, { server });
}
