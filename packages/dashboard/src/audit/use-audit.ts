import { useEffect, useState } from 'react';
import type { AskedOf, OutputOf } from 'ringmaster/operations';
import { reasonOf } from '../client/reason.ts';
import { useAsk } from '../client/use-ask.ts';
import type { PageNeeds } from '../page-needs.ts';

/** One thing that was done. */
export type AuditRow = OutputOf<'audit.list'>['rows'][number];
/** Which rows are wanted. */
export type AuditAsked = Pick<AskedOf<'audit.list'>, 'choice' | 'rangeMs' | 'text'>;

const pageSize = 100;
const everyMs = 2_000;
/** Rows kept on the page; who wants more narrows the filter or exports. */
const rowsMax = 5_000;

interface Extended {
  /** What was asked for when it was extended: with another filter it is void. */
  readonly of: string;
  readonly rows: readonly AuditRow[];
  readonly next: number | undefined;
}

/**
 * The newest rows, followed while nothing holds them still; once older ones are called for, the list stands and what is
 * new is counted.
 */
export function useAudit({ client, toasts, say }: PageNeeds, asked: AuditAsked, isHeld: boolean) {
  const of = JSON.stringify(asked);
  const [extended, setExtended] = useState<Extended>();
  const [shown, setShown] = useState<{
    readonly of: string;
    readonly data: OutputOf<'audit.list'>;
  }>();
  const { data, failure } = useAsk(client, 'audit.list', { ...asked, limit: pageSize }, everyMs);
  const more = extended?.of === of ? extended : undefined;
  const isStill = isHeld || more !== undefined;
  const standing = isStill && shown?.of === of ? shown.data : data;
  useEffect(() => {
    if (data !== undefined && !isStill) setShown({ of, data });
  }, [data, isStill, of]);

  const rows = standing && [...standing.rows, ...(more?.rows ?? [])];
  const next = more === undefined ? standing?.next : more.next;
  const newestRow = standing?.rows[0]?.row ?? 0;
  const newer =
    standing === data ? 0 : (data?.rows ?? []).filter(({ row }) => row > newestRow).length;

  async function addOlder(beforeRow: number): Promise<void> {
    try {
      const page = await client.ask('audit.list', { ...asked, limit: pageSize, beforeRow });
      setExtended({ of, rows: [...(more?.rows ?? []), ...page.rows], next: page.next });
    } catch (error) {
      const reason = reasonOf(error);
      toasts.tell({ kind: 'failed', text: say('audit.notRead', { reason }) });
    }
  }

  return {
    rows,
    failure,
    newer,
    /** Goes back to the newest. */
    resume: () => {
      setExtended(undefined);
      setShown(undefined);
    },
    older: next === undefined || (rows?.length ?? 0) >= rowsMax ? undefined : () => addOlder(next),
  };
}
