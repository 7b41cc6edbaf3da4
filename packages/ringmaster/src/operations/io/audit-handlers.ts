import { changedFields, type RunnableEntry } from '../../supervisor/approved-entry.ts';
import { auditKinds, auditRowOf, isWantedRow, rowsLookedAtMax } from '../audit.ts';
import type { Handlers, InputOf, OutputOf } from '../index.ts';
import type { HandlerNeeds } from './needs.ts';
import { scanEvents } from './scan-events.ts';

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
    return scanEvents(journal, {
      query: { kinds: auditKinds(filter.choice), sinceMs: clock.nowMs() - rangeMs },
      ...{ beforeSeq: beforeRow, limit, lookedAtMax: rowsLookedAtMax },
      rowOf(event) {
        const row = event.atMs > untilMs ? undefined : auditRowOf(event);
        return row !== undefined && isWantedRow(row, filter) ? row : undefined;
      },
    });
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
