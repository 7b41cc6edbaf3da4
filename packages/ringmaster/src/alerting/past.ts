import { z } from 'zod';
import { type Severity, severities } from '../fleet/schema-alerts.ts';
import type { NewEvent } from '../journal/events.ts';
import type { Alert } from './alert.ts';
import { isWorse } from './alert-table.ts';

const instant = z.number().meta({ unit: 'ms since 1970' });
const length = z.number().meta({ unit: 'ms' });
const severity = z.enum(severities);

/** What one rule did about one subject in some time. */
export const pastRow = z.object({
  rule: z.string(),
  subject: z.string().describe('A server, or machine'),
  fired: z.int().describe('Alerts that were open at some time of the range'),
  totalMs: length.describe('Together, within the range'),
  takenMs: length.optional().describe('Median time until somebody took one; missing: nobody did'),
  spans: z
    .array(z.tuple([severity, instant, instant]))
    .describe('The worst severity it reached, from, to; the newest 200'),
});
export type PastRow = z.output<typeof pastRow>;

/** What happened to alerts in some time, by rule and subject. */
export const pastView = z.object({
  fromMs: instant,
  toMs: instant,
  fired: z.int(),
  totalMs: length,
  takenMs: length.optional().describe('Median over all that were taken'),
  rows: z.array(pastRow).describe('The worst first, then the longest; at most 200'),
  isWhole: z.boolean().describe('false: there were more events than are read at once'),
});
export type AlertPast = z.output<typeof pastView>;

/** Most rows, and most spans of a row; a page shows no more. */
const rowsMax = 200;

interface Episode {
  readonly key: string;
  readonly rule: string;
  readonly subject: string;
  severity: Severity;
  readonly fromMs: number;
  toMs: number | undefined;
  takenAtMs: number | undefined;
}

/**
 * Folds events `alert.fired`, `raised`, `acknowledged` and `resolved`, in order of time, into what each rule did. What
 * fired before the time is known from its end, or from being open still.
 */
export function foldPast(facts: {
  readonly fromMs: number;
  readonly toMs: number;
  readonly events: readonly NewEvent[];
  readonly open: readonly Alert[];
}): Omit<AlertPast, 'isWhole'> {
  const { fromMs, toMs } = facts;
  const episodes = episodesOf(facts.events);
  const running = new Map(
    episodes.filter((one) => one.toMs === undefined).map((one) => [one.key, one]),
  );
  for (const { key, rule, subject, severity, firedAtMs, acknowledged } of facts.open) {
    if (running.delete(key)) continue;
    const taken = { takenAtMs: acknowledged?.atMs };
    episodes.push({ key, rule, subject, severity, fromMs: firedAtMs, toMs: undefined, ...taken });
  }
  // Neither resolved nor open any more: its end was lost with the daemon, so it is as long as is known.
  for (const lost of running.values()) lost.toMs = lost.fromMs;
  const groups = new Map<string, Episode[]>();
  for (const episode of episodes) {
    groups.set(episode.key, [...(groups.get(episode.key) ?? []), episode]);
  }
  const rows = [...groups.values()].map((group) => rowOf(group, { fromMs, toMs })).sort(worstFirst);
  return {
    ...{ fromMs, toMs, fired: episodes.length },
    totalMs: rows.reduce((sum, row) => sum + row.totalMs, 0),
    ...takenOf(episodes),
    rows: rows.slice(0, rowsMax),
  };
}

function episodesOf(events: readonly NewEvent[]): Episode[] {
  const episodes: Episode[] = [];
  const running = new Map<string, Episode>();
  for (const event of events) {
    if (event.kind === 'alert.fired') {
      const { key, rule, subject, atMs } = event;
      const episode: Episode = {
        ...{ key, rule, subject, severity: severityOf(event.severity) },
        ...{ fromMs: atMs, toMs: undefined, takenAtMs: undefined },
      };
      const lost = running.get(key);
      if (lost !== undefined) lost.toMs = lost.fromMs;
      running.set(key, episode);
      episodes.push(episode);
    } else if (event.kind === 'alert.raised') {
      const episode = running.get(event.key);
      const next = severityOf(event.severity);
      if (episode !== undefined && isWorse(next, episode.severity)) episode.severity = next;
    } else if (event.kind === 'alert.acknowledged') {
      const episode = running.get(event.key);
      if (episode !== undefined) episode.takenAtMs ??= event.atMs;
    } else if (event.kind === 'alert.resolved') {
      const episode = running.get(event.key) ?? earlier(event, episodes);
      episode.toMs = event.atMs;
      running.delete(event.key);
    }
  }
  return episodes;
}

/** An alert of which only the end lies in the time. */
function earlier(
  event: Extract<NewEvent, { kind: 'alert.resolved' }>,
  episodes: Episode[],
): Episode {
  const { key, rule, subject, firedAtMs } = event;
  const episode: Episode = {
    ...{ key, rule, subject, severity: severityOf(event.severity), fromMs: firedAtMs },
    ...{ toMs: undefined, takenAtMs: undefined },
  };
  episodes.push(episode);
  return episode;
}

function rowOf(
  group: readonly Episode[],
  range: { readonly fromMs: number; readonly toMs: number },
): PastRow {
  const spans = group
    .map(({ severity, fromMs, toMs }): PastRow['spans'][number] => [
      severity,
      Math.max(fromMs, range.fromMs),
      Math.min(toMs ?? range.toMs, range.toMs),
    ])
    .sort(([, one], [, other]) => one - other);
  const [first] = group;
  return {
    ...{ rule: first?.rule ?? '', subject: first?.subject ?? '', fired: group.length },
    totalMs: spans.reduce((sum, [, from, to]) => sum + Math.max(0, to - from), 0),
    ...takenOf(group),
    spans: spans.slice(-rowsMax),
  };
}

function takenOf(episodes: readonly Episode[]): { takenMs?: number } {
  const times = episodes
    .flatMap(({ takenAtMs, fromMs }) => (takenAtMs === undefined ? [] : takenAtMs - fromMs))
    .sort((one, other) => one - other);
  const median = times[Math.floor((times.length - 1) / 2)];
  return median === undefined ? {} : { takenMs: Math.max(0, median) };
}

function worstFirst(one: PastRow, other: PastRow): number {
  const rank = ({ spans }: PastRow) =>
    Math.max(...spans.map(([severity]) => severities.indexOf(severity)));
  return rank(other) - rank(one) || other.totalMs - one.totalMs;
}

/** Events are read from disk: an unknown word of a later version counts as the mildest. */
function severityOf(word: string): Severity {
  return severities.find((one) => one === word) ?? 'info';
}
