import { createHash } from 'node:crypto';
import type { ServerSpec } from '../../fleet/fleet.ts';
import type { Journal } from '../../journal/journal.ts';
import { type ApprovalBook, runnableEntry, runnableOf } from '../approved-entry.ts';
import { heldHash } from '../spawn-gate.ts';

/**
 * sha256 of what a person approves: the entry as it is written, and whom it runs as, so that neither
 * a changed secret nor a new port asks again, but every other command, argument or variable does.
 */
export function approvalHash(spec: ServerSpec): string {
  const { kind, command, args, cwd, env, envFile, health, user, group } = spec;
  return createHash('sha256')
    .update(JSON.stringify([kind, command, args, cwd, env, envFile, health.exec]))
    .update(user === undefined && group === undefined ? '' : JSON.stringify([user, group]))
    .digest('hex');
}

/** What the gate asks of the book, and the book itself. */
export interface Approvals extends ApprovalBook {
  /** The hash that was approved, or seen first. */
  approved(server: string): string | undefined;
  /** Takes what the entry says now for approved. */
  remember(server: string, hash: string): void;
}

/** Keeps what was approved in the journal: its hash, which decides, and its entry, which is shown. */
export function createApprovals(needs: {
  readonly recall: Journal['recall'];
  readonly remember: Journal['remember'];
  readonly specOf: (server: string) => ServerSpec | undefined;
}): Approvals {
  function remember(server: string, hash: string): void {
    const spec = needs.specOf(server);
    needs.remember('approved', server, hash);
    needs.remember('approvedEntry', server, spec && runnableOf(spec, digest));
  }

  function approved(server: string): string | undefined {
    const hash = needs.recall('approved', server);
    return typeof hash === 'string' ? hash : undefined;
  }

  return {
    approved,
    remember,
    approve(server) {
      const spec = needs.specOf(server);
      if (spec !== undefined) remember(server, approvalHash(spec));
    },
    hold(server) {
      if (approved(server) !== undefined) return () => undefined;
      needs.remember('approved', server, heldHash);
      return () => needs.remember('approved', server, undefined);
    },
    compare(server) {
      const spec = needs.specOf(server);
      const now = spec && runnableOf(spec, digest);
      if (spec === undefined || now === undefined) return undefined;
      const known = runnableEntry.safeParse(needs.recall('approvedEntry', server));
      const hash = approved(server);
      return {
        ...{ isApproved: hash === approvalHash(spec), isHeld: hash === heldHash, now },
        hasApproval: hash !== undefined && hash !== heldHash,
        before: known.success ? known.data : undefined,
      };
    },
  };
}

/** Tells whether a value changed without telling the value; short, so that it gives little away to a guesser. */
function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 8);
}
