import { isObject } from './messages.ts';
import type { Owner } from './owner.ts';

/** How clients share the processes of a server; `pool.mode` of the fleet file. */
export type PoolMode = 'auto' | 'shared' | 'per-session' | 'per-principal';

/** Whose a process is while it is leased, and what ends that. */
export interface Lease {
  /** Equal for all calls that may go to the process. */
  readonly key: string;
  /** The session it ends with; undefined for what has none. */
  readonly session: string | undefined;
  /** `call` ends with its one call, `visit` a moment after the last, `stay` when its client is gone or idle. */
  readonly kind: 'call' | 'visit' | 'stay';
  /** Only a process that was opened for it will do, and none that was may serve another after it. */
  readonly isFresh?: boolean;
}

/** After its last call an `auto` lease is kept this long, so that calls that follow each other find the same process. */
export const visitIdleMs = 2_000;

/**
 * The lease a call needs, or undefined when any shared process may answer it. In `auto` that is so until the server is
 * known to ask and the client is one that can be asked: then the two must be alone, as an older server's questions do
 * not say to which call they belong. Clients without sessions are all one principal: each of their calls is alone.
 */
export function leaseFor(
  mode: PoolMode,
  owner: Owner,
  /** A number of the call's own, when its server is known to ask. */
  callNumber: number | undefined,
): Lease | undefined {
  switch (mode) {
    case 'shared':
      return undefined;
    case 'auto':
      if (callNumber === undefined || !canBeAsked(owner)) return undefined;
      return owner.session === undefined
        ? { key: `call ${callNumber}`, session: undefined, kind: 'call' }
        : { key: `session ${owner.session}`, session: owner.session, kind: 'visit' };
    case 'per-session':
      return owner.session === undefined
        ? { key: `client ${owner.key}`, session: undefined, kind: 'stay' }
        : { key: `session ${owner.session}`, session: owner.session, kind: 'stay' };
    case 'per-principal':
      return { key: `principal ${owner.principal}`, session: undefined, kind: 'stay' };
  }
}

/** Whether the process ends with the lease; any other serves everybody again, and so is told what all are told. */
export function endsWithLease(lease: Lease | undefined): boolean {
  return lease?.kind === 'stay' || lease?.isFresh === true;
}

/** The lease of a call of a tool that its server offers only to some clients: on a process that was told of this one. */
export function freshLease(owner: Owner, callNumber: number): Lease {
  const { session } = owner;
  return session === undefined
    ? { key: `own call ${callNumber}`, session, kind: 'call', isFresh: true }
    : { key: `own session ${session}`, session, kind: 'stay', isFresh: true };
}

/** Whether the client declared that its user, or its model, can be asked. */
export function canBeAsked({ capabilities }: Owner): boolean {
  return capabilities['sampling'] !== undefined || capabilities['elicitation'] !== undefined;
}

/** A lease as it is written down, with the generation of its process. */
interface KnownLease {
  readonly generation: number;
  readonly key: string;
  readonly session: string | undefined;
  readonly kind: Lease['kind'];
  readonly isFresh: boolean | undefined;
}

/** True for what was written down of a lease. */
export function isKnownLease(value: unknown): value is KnownLease {
  if (!isObject(value)) return false;
  const { generation, key, session, kind } = value;
  const isKind = kind === 'visit' || kind === 'stay' || kind === 'call';
  return (
    isKind &&
    typeof generation === 'number' &&
    typeof key === 'string' &&
    (session === undefined || typeof session === 'string')
  );
}
