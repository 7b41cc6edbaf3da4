import { z } from 'zod';
import type { AlertSettings } from '../fleet/schema-alerts.ts';
import type { Alert } from './alert.ts';

const instant = z.number().meta({ unit: 'ms since 1970' });

/** One level of escalation, and what became of it for one alert. */
export const stationView = z.object({
  level: z.int().describe('1 to 4'),
  notifiers: z.array(z.string()).describe('Who is told there'),
  atMs: instant.describe('When it is or was due'),
  state: z
    .enum(['told', 'failed', 'sending', 'due', 'held', 'stopped'])
    .describe(
      'told: all of them; failed: the newest attempt at one of them; due: its time is to come; held: silence, quiet hours or too mild; stopped: somebody took the alert',
    ),
  toldAtMs: instant.optional(),
  why: z.string().optional().describe('Why it failed'),
  tries: z.int().optional().describe('Attempts that failed since the last that did not'),
  nextTryAtMs: instant.optional().describe('Missing after a failure: it was given up'),
});
export type Station = z.output<typeof stationView>;

/** How it stands with one notifier, over all alerts. */
export const notifierView = z.object({
  notifier: z.string(),
  kind: z.string(),
  lastOkAtMs: instant.optional().describe('Missing: nothing arrived lately'),
  failing: z
    .object({
      sinceMs: instant,
      tries: z.int(),
      why: z.string().describe('Of the newest attempt'),
      nextTryAtMs: instant.optional().describe('Missing: it was given up'),
    })
    .optional()
    .describe('Missing while the newest attempt arrived'),
});
export type NotifierRow = z.output<typeof notifierView>;

/** One attempt to tell somebody. */
export interface Attempt {
  readonly notifier: string;
  readonly atMs: number;
  /** Keys of the alerts it told. */
  readonly alerts: readonly string[];
  /** Missing: it arrived. */
  readonly why?: string | undefined;
  readonly nextTryAtMs?: number | undefined;
}

/** The levels of escalation of an open alert; without notifiers there is none. Attempts are in order of time. */
export function ladderOf(
  alert: Alert,
  facts: {
    readonly settings: Pick<AlertSettings, 'escalation' | 'notifiers'>;
    readonly attempts: readonly Attempt[];
    readonly nowMs: number;
  },
): Station[] {
  const { settings, attempts, nowMs } = facts;
  const all = Object.keys(settings.notifiers);
  if (all.length === 0) return [];
  const mine = attempts.filter(
    ({ alerts, atMs }) => alerts.includes(alert.key) && atMs >= alert.firedAtMs,
  );
  return settings.escalation.map(({ afterMs, notifiers }, index): Station => {
    const named = notifiers.length === 0 ? all : notifiers;
    const atMs = alert.firedAtMs + afterMs;
    const station = { level: index + 1, notifiers: [...named], atMs };
    if (index < (alert.told?.level ?? 0)) return { ...station, ...deliveryOf(named, mine) };
    if (alert.acknowledged !== undefined) return { ...station, state: 'stopped' };
    return { ...station, state: atMs > nowMs ? 'due' : 'held' };
  });
}

function deliveryOf(
  names: readonly string[],
  attempts: readonly Attempt[],
): Omit<Station, 'level' | 'notifiers' | 'atMs'> {
  const rows = names.map((name) => runOf(attempts.filter(({ notifier }) => notifier === name)));
  const failing = rows.map((row) => row.failing).find((one) => one !== undefined);
  const arrived = rows.flatMap(({ firstOkAtMs }) => firstOkAtMs ?? []);
  const toldAtMs = arrived.length === 0 ? {} : { toldAtMs: Math.min(...arrived) };
  if (failing !== undefined) {
    const { why, tries, nextTryAtMs } = failing;
    return { state: 'failed', why, tries, nextTryAtMs, ...toldAtMs };
  }
  return { state: arrived.length < names.length ? 'sending' : 'told', ...toldAtMs };
}

/** How it stands with each notifier, in the order of the fleet file. Attempts are in order of time. */
export function notifierRows(
  notifiers: AlertSettings['notifiers'],
  attempts: readonly Attempt[],
): NotifierRow[] {
  return Object.entries(notifiers).map(([notifier, { kind }]) => {
    const { lastOkAtMs, failing } = runOf(attempts.filter((one) => one.notifier === notifier));
    return { notifier, kind, lastOkAtMs, failing };
  });
}

/** What the attempts at one notifier come to: when it worked, and the failures since. */
function runOf(attempts: readonly Attempt[]): {
  readonly firstOkAtMs: number | undefined;
  readonly lastOkAtMs: number | undefined;
  readonly failing: NotifierRow['failing'];
} {
  const arrived = attempts.filter(({ why }) => why === undefined);
  const last = attempts.findLastIndex(({ why }) => why === undefined);
  const failed = attempts.slice(last + 1);
  const [first, newest] = [failed[0], failed.at(-1)];
  const ends = { firstOkAtMs: arrived[0]?.atMs, lastOkAtMs: arrived.at(-1)?.atMs };
  if (first === undefined || newest?.why === undefined) return { ...ends, failing: undefined };
  const { why, nextTryAtMs } = newest;
  return { ...ends, failing: { sinceMs: first.atMs, tries: failed.length, why, nextTryAtMs } };
}
