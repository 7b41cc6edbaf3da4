import { z } from 'zod';
import { durationMs } from '../fleet/units.ts';
import { doors, type EventKind, type JournalEvent } from '../journal/events.ts';
import { operation } from './operation.ts';

/** Most events an answer looks at; who wants older ones goes on with `next`. */
export const rowsLookedAtMax = 20_000;
const outcomes = ['done', 'refused', 'failed', 'unknown'] as const;
const dayMs = 86_400_000;

/** Whose acts are wanted: those of people and agents, those of Ringmaster itself; or what was refused to anybody. */
export const auditChoices = ['all', 'asked', 'own', 'refused'] as const;
type AuditChoice = (typeof auditChoices)[number];

const auditRow = z.object({
  row: z.int().describe('Its place in the journal'),
  atMs: z.number().meta({ unit: 'ms since 1970' }),
  door: z
    .enum([...doors, 'schedule', 'own'])
    .describe('By which way it was asked for; own: Ringmaster did it by itself'),
  by: z.string().describe('What the asker calls itself, or the schedule; nothing proves it'),
  did: z.string().describe('The operation; of what was not asked for, the kind of event'),
  about: z.array(z.string()).describe('Servers and other names it was about'),
  outcome: z.enum(outcomes).describe('unknown: the daemon was killed before it was finished'),
  why: z.string().optional(),
  tookMs: z.number().optional().meta({ unit: 'ms' }),
  times: z
    .int()
    .optional()
    .describe('How often since the row before that says the same; missing: once'),
});
export type AuditRow = z.output<typeof auditRow>;

/** Which rows are wanted; what is left out does not narrow. */
const auditFilter = z.object({
  choice: z.enum(auditChoices).default('all').describe('Whose acts, or only what was refused'),
  server: z.string().optional(),
  door: auditRow.shape.door.optional(),
  text: z
    .string()
    .max(200)
    .optional()
    .describe('Part of who, what was done, what it was about, or why'),
});
export type AuditFilter = z.output<typeof auditFilter>;

/** What can be asked of the record of who did what. */
export const auditOperations = {
  'audit.list': operation({
    summary: 'List who did what, by which way, and what became of it, newest first',
    input: auditFilter.extend({
      rangeMs: durationMs({
        ...{ min: 1_000, max: 400 * dayMs, default: dayMs },
        describe: 'How far back',
      }),
      untilMs: z.coerce.number().optional().meta({ unit: 'ms since 1970' }).describe('Not newer'),
      beforeRow: z.coerce.number().int().optional().describe('Go on here: next of an answer'),
      limit: z.coerce.number().int().min(1).max(1_000).default(100).meta({ unit: 'rows' }),
    }),
    output: z.object({
      rows: z.array(auditRow),
      next: z.int().optional().describe('There may be older ones: ask with beforeRow'),
      lookedAt: z.int().meta({ unit: 'events' }).describe('Events this answer looked at'),
    }),
    errors: [],
  }),
} as const;

const askedKinds = ['operation.finished', 'schedule.ran'] as const;
const refusedKinds = ['spawn.refused', 'tool.refused', 'fleet.rejected'] as const;
/** What Ringmaster does by itself beside keeping servers running, which is their history. */
const ownKinds = [
  ...['daemon.started', 'daemon.stopped', 'fleet.applied', 'instance.overLimit'],
  ...['instance.orphanEnded', 'signIn.done', 'signIn.ended'],
] as const;

/** Kinds of events that may tell of what is wanted. */
export function auditKinds(choice: AuditChoice): readonly EventKind[] {
  switch (choice) {
    case 'all':
      return [...askedKinds, ...refusedKinds, ...(ownKinds as readonly EventKind[])];
    case 'asked':
      return askedKinds;
    case 'own':
      return [...refusedKinds, ...(ownKinds as readonly EventKind[])];
    case 'refused':
      return [...askedKinds, ...refusedKinds];
  }
}

/** The row of an event; undefined when it tells of no act. */
export function auditRowOf(event: JournalEvent): AuditRow | undefined {
  const place = { row: event.seq, atMs: event.atMs };
  if (event.kind === 'operation.finished') {
    const { door, by, operation: did, about, outcome, why, tookMs, times } = event;
    return { ...place, door, by, did, about, outcome, why, tookMs, times };
  }
  if (event.kind === 'schedule.ran') {
    const { schedule: by, operation: did, why, tookMs } = event;
    const outcome = event.outcome === 'ok' ? 'done' : event.outcome;
    return { ...place, door: 'schedule', by, did, about: [], outcome, why, tookMs };
  }
  if (!auditKinds('own').includes(event.kind)) return undefined;
  const isRefused = refusedKinds.some((kind) => kind === event.kind);
  return {
    ...place,
    ...{ door: 'own', by: 'ringmaster', did: event.kind, about: [event.subject] },
    ...{ outcome: isRefused ? 'refused' : 'done', why: whyOf(event) },
    times: 'times' in event ? event.times : undefined,
  };
}

function whyOf(event: JournalEvent): string | undefined {
  if (event.kind === 'fleet.rejected') return event.problems.join('; ');
  if (event.kind === 'fleet.applied') {
    return event.actions.map(({ action, server }) => `${action} ${server}`).join(', ') || undefined;
  }
  if (event.kind === 'tool.refused') return `${event.tool}: ${event.why}`;
  return 'why' in event ? event.why : undefined;
}

/** Whether a row is one of those wanted; `text` is looked for without regard to case. */
export function isWantedRow(row: AuditRow, filter: AuditFilter): boolean {
  const { choice, server, door, text } = filter;
  if (choice === 'refused' && row.outcome !== 'refused') return false;
  if (server !== undefined && !row.about.includes(server)) return false;
  if (door !== undefined && row.door !== door) return false;
  if (text === undefined) return true;
  const said = [row.by, row.door, row.did, ...row.about, row.why].join('\n').toLowerCase();
  return said.includes(text.toLowerCase());
}
