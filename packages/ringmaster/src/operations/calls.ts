import { z } from 'zod';
import { durationMs } from '../fleet/units.ts';
import type { JournalEvent } from '../journal/events.ts';
import { operation } from './operation.ts';

/** Every way a call can end. */
export const callOutcomes = ['ok', 'error', 'denied', 'late', 'cancelled', 'lost'] as const;
/** Most calls an answer looks at; who wants older ones goes on with `next`. */
export const callsLookedAtMax = 20_000;

const atMs = z.number().meta({ unit: 'ms since 1970' });
const tookMs = z.number().meta({ unit: 'ms' });

const callRow = z.object({
  id: z.int().describe('Its place in the journal: call.get takes it'),
  startedAtMs: atMs,
  server: z.string(),
  method: z.string(),
  name: z.string().optional().describe('Tool or prompt, or URI'),
  client: z.string().optional(),
  session: z.string().optional(),
  outcome: z.enum(callOutcomes),
  tookMs,
  askedMs: tookMs.optional().describe('The part of it in which the client was asked something'),
  why: z.string().optional().describe('Why it did not end ok'),
});
export type CallRow = z.output<typeof callRow>;

const callStep = z
  .object({
    fromMs: tookMs.describe('From the start of the call'),
    toMs: tookMs.describe('The same as fromMs for a moment'),
    kind: z.enum(['received', 'worked', 'asked', 'server', 'ended']),
    event: z.string().optional().describe('Kind of the event in the journal, where there is one'),
    text: z.string().describe('What was asked, what the server did, or why it ended so'),
  })
  .describe('A moment or a stretch of a call');
export type CallStep = z.output<typeof callStep>;

/** Which calls are wanted; what is left out does not narrow. */
export const callFilter = z.object({
  server: z.string().optional(),
  outcome: z
    .enum([...callOutcomes, 'notOk'])
    .optional()
    .describe('How it ended; notOk: any way but ok'),
  client: z.string().optional(),
  text: z.string().max(200).optional().describe('Part of the tool, the server or the reason'),
  minTookMs: z.coerce
    .number()
    .min(0)
    .optional()
    .meta({ unit: 'ms' })
    .describe('At least this long'),
});
export type CallFilter = z.output<typeof callFilter>;

/** What can be asked of the calls that ended. */
export const callOperations = {
  'call.list': operation({
    summary: 'List calls that ended, newest first, by server, outcome, client, length or text',
    input: callFilter.extend({
      rangeMs: durationMs({
        ...{ min: 1_000, max: 400 * 86_400_000, default: 3_600_000 },
        describe: 'How far back from toMs, when fromMs is left out',
      }),
      fromMs: z.coerce
        .number()
        .optional()
        .meta({ unit: 'ms since 1970' })
        .describe('Ended then or later'),
      toMs: z.coerce
        .number()
        .optional()
        .meta({ unit: 'ms since 1970' })
        .describe('Ended then or earlier; default: now'),
      beforeId: z.coerce.number().int().optional().describe('Go on here: next of an answer'),
      limit: z.coerce.number().int().min(1).max(500).default(100).meta({ unit: 'calls' }),
    }),
    output: z.object({
      calls: z.array(callRow),
      next: z.int().optional().describe('There may be older ones: ask with beforeId'),
      lookedAt: z.int().meta({ unit: 'calls' }).describe('Calls this answer looked at'),
    }),
    errors: [],
  }),
  'call.get': operation({
    summary: 'Show one call that ended, as a story from its own start',
    input: z.object({ call: z.coerce.number().int().min(1).describe('Its id, from call.list') }),
    output: z.object({ call: callRow, steps: z.array(callStep) }),
    errors: ['call_not_found'],
  }),
} as const;

/** The row of an event, undefined when it is not the end of a call. */
export function callOf(event: JournalEvent): CallRow | undefined {
  if (event.kind !== 'call.finished') return undefined;
  const { seq, subject, method, name, client, session, outcome, askedMs, why } = event;
  return {
    ...{ id: seq, startedAtMs: event.atMs - event.tookMs, server: subject, method, name },
    ...{ client, session, outcome, tookMs: event.tookMs, askedMs, why },
  };
}

/** Whether a call is one of those wanted; `text` is looked for without regard to case. */
export function isWanted(call: CallRow, filter: CallFilter): boolean {
  const { server, outcome, client, text, minTookMs } = filter;
  if (server !== undefined && call.server !== server) return false;
  if (outcome === 'notOk' ? call.outcome === 'ok' : (outcome ?? call.outcome) !== call.outcome) {
    return false;
  }
  if (client !== undefined && call.client !== client) return false;
  if (minTookMs !== undefined && call.tookMs < minTookMs) return false;
  if (text === undefined) return true;
  const said = [call.server, call.name, call.method, call.why].join('\n').toLowerCase();
  return said.includes(text.toLowerCase());
}

/**
 * A call as a story: when it came, what its client was asked, what the server's processes did meanwhile, how it ended.
 * `events` are those of its server; what lies outside the call, or belongs to another one, is left out. A question is
 * taken for the call's own when name and session agree: the journal knows no nearer.
 */
export function storyOf(call: CallRow, events: readonly JournalEvent[]): CallStep[] {
  const { startedAtMs, tookMs } = call;
  const within = events
    .filter((event) => event.atMs >= startedAtMs && event.atMs <= startedAtMs + tookMs)
    .sort((one, other) => one.seq - other.seq);
  const told = within.flatMap((event) => stepOf(call, event) ?? []);
  return [
    { fromMs: 0, toMs: 0, kind: 'received', text: call.name ?? call.method },
    ...withWork(told, tookMs),
    { fromMs: tookMs, toMs: tookMs, kind: 'ended', event: 'call.finished', text: call.why ?? '' },
  ];
}

function stepOf(call: CallRow, event: JournalEvent): CallStep | undefined {
  const toMs = event.atMs - call.startedAtMs;
  if (event.kind === 'ask.finished') {
    const isOwn = event.name === call.name && event.session === call.session;
    const fromMs = Math.max(0, toMs - event.tookMs);
    const text = `${event.method} ${event.outcome}`;
    return isOwn ? { fromMs, toMs, kind: 'asked', event: event.kind, text } : undefined;
  }
  if (!event.kind.startsWith('instance.') || event.kind === 'instance.wanted') return undefined;
  const text = 'why' in event && typeof event.why === 'string' ? event.why : '';
  return { fromMs: toMs, toMs, kind: 'server', event: event.kind, text };
}

/** Puts the stretches in which the server worked between what is known. */
function withWork(told: readonly CallStep[], tookMs: number): CallStep[] {
  const steps: CallStep[] = [];
  let atMs = 0;
  for (const step of told) {
    if (step.fromMs > atMs) {
      steps.push({ fromMs: atMs, toMs: step.fromMs, kind: 'worked', text: '' });
    }
    steps.push(step);
    atMs = Math.max(atMs, step.toMs);
  }
  if (tookMs > atMs) steps.push({ fromMs: atMs, toMs: tookMs, kind: 'worked', text: '' });
  return steps;
}
