import { changedFields, type RunnableEntry } from '../../supervisor/approved-entry.ts';
import { type AuditRow, auditKinds, auditRowOf, isWantedRow, rowsLookedAtMax } from '../audit.ts';
import type { Handlers, InputOf, OutputOf } from '../index.ts';
import type { HandlerNeeds } from './needs.ts';

/** Events read from the journal at once. */
const pageSize = 1_000;
/** Refusals of one server that are looked through for the first of its present ones. */
const refusalsMax = 200;

type Waiting = OutputOf<'approval.list'>['waiting'][number];

/** Handlers of the nouns `audit` and `approval`. */
export function createAuditHandlers({
  journal,
  clock,
  daemon,
  approvals,
}: HandlerNeeds): Pick<Handlers, 'audit.list' | 'approval.list'> {
  async function list(input: InputOf<'audit.list'>): Promise<OutputOf<'audit.list'>> {
    const { rangeMs, untilMs = Number.POSITIVE_INFINITY, beforeRow, limit, ...filter } = input;
    const kinds = auditKinds(filter.choice);
    const sinceMs = clock.nowMs() - rangeMs;
    const rows: AuditRow[] = [];
    let beforeSeq = beforeRow;
    let lookedAt = 0;
    while (lookedAt < rowsLookedAtMax) {
      const place = beforeSeq === undefined ? {} : { beforeSeq };
      const page = await journal.list({ kinds, sinceMs, limit: pageSize, ...place });
      for (const event of page) {
        lookedAt += 1;
        beforeSeq = event.seq;
        const row = event.atMs > untilMs ? undefined : auditRowOf(event);
        if (row === undefined || !isWantedRow(row, filter)) continue;
        rows.push(row);
        if (rows.length === limit) return { rows, next: beforeSeq, lookedAt };
      }
      if (page.length < pageSize) return { rows, lookedAt };
    }
    return { rows, lookedAt, ...(beforeSeq === undefined ? {} : { next: beforeSeq }) };
  }

  /** When its present wait began: the oldest refusal since it last ran. */
  async function refusedSince(server: string): Promise<number | undefined> {
    const kinds = ['spawn.refused', 'instance.spawned', 'instance.adopted'];
    const events = await journal.list({ subject: server, kinds, limit: refusalsMax });
    const ran = events.findIndex(({ kind }) => kind !== 'spawn.refused');
    return events.slice(0, ran < 0 ? events.length : ran).at(-1)?.atMs;
  }

  async function waitingOf(server: string, policy: 'changed' | 'all'): Promise<Waiting[]> {
    const compared = approvals.compare(server);
    if (compared === undefined || compared.isApproved) return [];
    const { now, before, hasApproval, isHeld } = compared;
    if (policy === 'changed' && !hasApproval && !isHeld) return [];
    const sinceMs = await refusedSince(server);
    return [
      {
        server,
        why: hasApproval ? 'changed' : 'new',
        ...(sinceMs === undefined ? {} : { sinceMs }),
        now: shown(now),
        ...(before === undefined ? {} : { before: shown(before) }),
        changed: changedFields(compared),
      },
    ];
  }

  return {
    'audit.list': list,
    async 'approval.list'() {
      const { fleet } = daemon.currentFleet();
      const policy = fleet.spawn.approve;
      if (policy === 'never') return { policy, waiting: [] };
      const names = fleet.servers.map(({ name }) => name);
      const each = await Promise.all(names.map((name) => waitingOf(name, policy)));
      return { policy, waiting: each.flat() };
    },
  };
}

function shown({ environment, ...entry }: RunnableEntry): Waiting['now'] {
  return { ...entry, environment: Object.keys(environment) };
}
