import type { Exit } from './instance.ts';

/** The `restart` section of a server. */
export interface RestartPolicy {
  readonly policy: 'always' | 'on-failure' | 'never';
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  readonly stableMs: number;
  readonly failAfter: number;
}

/** What the decision rests on; `deathsInARow` counts this death too. */
export interface DeathFacts {
  readonly exit: Exit;
  readonly wanted: 'running' | 'stopped';
  /** We ended it for what it did: no clean end, whatever its code. */
  readonly wasTrouble: boolean;
  readonly deathsInARow: number;
  /** 0 … 1, drawn by the caller: spreads the restarts of servers that died together. */
  readonly chance: number;
}

/** Start again after a delay; the same, but as failed; or leave it. */
export type RestartDecision =
  | { readonly kind: 'retry'; readonly delayMs: number; readonly why: string }
  | { readonly kind: 'giveUp'; readonly delayMs: number; readonly why: string }
  | { readonly kind: 'rest'; readonly why: string };

/**
 * What follows when a server wants somebody to sign in: nothing, until that happens. It is looked at
 * again now and then, as its operator may have opened it meanwhile.
 */
export const awaitSignIn: RestartDecision = {
  kind: 'retry',
  delayMs: 3_600_000,
  why: 'looked at again in an hour, or once somebody has signed in',
};

/** Part of a delay that chance may add; more would break the promise of at most 12 starts a minute. */
const jitterShare = 0.1;

/**
 * What follows a death. The first restart is immediate, the second after `baseDelayMs`, each later one doubles up to
 * `maxDelayMs`; from `failAfter` deaths in a row on the server counts as failed and is retried at `maxDelayMs`, for ever:
 * giving up for good is what users of other supervisors suffer from, and so is restarting without a pause.
 */
export function decideRestart(policy: RestartPolicy, facts: DeathFacts): RestartDecision {
  if (facts.wanted === 'stopped') return { kind: 'rest', why: 'stopped as asked' };
  const clean = !facts.wasTrouble && facts.exit.kind === 'exited' && facts.exit.code === 0;
  if (policy.policy === 'never')
    return { kind: 'rest', why: 'it ended, and its restart policy is never' };
  if (policy.policy === 'on-failure' && clean)
    return {
      kind: 'rest',
      why: 'it ended by itself with code 0, and its restart policy is on-failure',
    };
  const jitter = 1 + jitterShare * facts.chance;
  // What never ran did not die: a program that is missing, an entry that waits for its approval.
  const neverRan = facts.exit.kind === 'spawnFailed';
  if (facts.deathsInARow >= policy.failAfter) {
    const delayMs = Math.round(policy.maxDelayMs * jitter);
    const why = neverRan
      ? 'tried again slowly from now on'
      : `${deathsText(facts.deathsInARow)}; slow retries from now on`;
    return { kind: 'giveUp', delayMs, why };
  }
  const delayMs = Math.round(delayBeforeMs(policy, facts.deathsInARow) * jitter);
  const when = delayMs === 0 ? 'at once' : `in ${delayMs} ms`;
  const why = neverRan
    ? `tried again ${when}`
    : `death ${facts.deathsInARow} in a row, started again ${when}`;
  return { kind: 'retry', delayMs, why };
}

function deathsText(deathsInARow: number): string {
  return deathsInARow === 1 ? '1 death' : `${deathsInARow} deaths in a row`;
}

/** 0 before the second start, then `baseDelayMs` doubling up to `maxDelayMs`; milliseconds. */
function delayBeforeMs(policy: RestartPolicy, deathsInARow: number): number {
  if (deathsInARow <= 1) return 0;
  const doublings = Math.min(deathsInARow - 2, 40);
  return Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** doublings);
}

/** Deaths in a row including the new one; a server that was ready for `stableMs` starts with a clean slate. */
export function countDeaths(
  before: number,
  life: { readonly readyForMs: number; readonly stableMs: number },
): number {
  return life.readyForMs >= life.stableMs && life.readyForMs > 0 ? 1 : before + 1;
}
