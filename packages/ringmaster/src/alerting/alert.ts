import { z } from 'zod';
import { severities } from '../fleet/schema-alerts.ts';

const instant = z.number().meta({ unit: 'ms since 1970' });

/** What an alert can be about; each has a row in `rules.ts` and a sentence in `sentences.ts`. */
export const ruleNames = [
  'cpuPercent',
  'memoryPercent',
  'diskPercent',
  'memoryBytes',
  'latencyMs',
  'errorPercent',
  'logErrorsPerMinute',
  'logErrorsPerDay',
  'logCritical',
  'noSamples',
  'down',
  'sick',
  'flapping',
  'overLimit',
  'spawnRefused',
  'signInNeeded',
  'nameCollided',
  'orphanEnded',
  'fleetRejected',
] as const;
/** Name of a rule. */
export type RuleName = (typeof ruleNames)[number];

/** The whole machine and the daemon, where an alert is not about a server. */
export const machineName = 'machine';

/** An alert as it is kept and shown; at most one is open for each rule and subject. */
export const alertView = z.object({
  key: z.string().describe('RULE/SUBJECT: names it while it is open'),
  rule: z.enum(ruleNames),
  subject: z.string().describe('A server, or machine'),
  severity: z.enum(severities).describe('The worst it reached'),
  state: z.enum(['firing', 'clearing']).describe('clearing: all is well, but not long enough yet'),
  value: z.number().optional().describe('Newest figure, in the unit of the rule'),
  threshold: z.number().optional().describe('What it was held against'),
  why: z.string().optional().describe('What was found, in the words of whoever found it'),
  firedAtMs: instant,
  clearSinceMs: instant.optional(),
  acknowledged: z.object({ by: z.string(), note: z.string(), atMs: instant }).optional(),
  told: z
    .object({
      level: z.int().describe('Escalation levels that were told, 0 to 4'),
      atMs: instant,
      severity: z.enum(severities),
    })
    .optional(),
});
export type Alert = z.output<typeof alertView>;

/** A stretch in which nobody is told of some alerts. */
export const silenceView = z.object({
  id: z.string(),
  rule: z.enum(ruleNames).optional().describe('Left out: every rule'),
  subject: z.string().optional().describe('Left out: every server and the machine'),
  untilMs: instant,
  by: z.string(),
  note: z.string(),
});
export type Silence = z.output<typeof silenceView>;

/** What is wrong now, as far as one look can tell. */
export type Finding = Pick<Alert, 'rule' | 'subject' | 'severity' | 'value' | 'threshold' | 'why'>;

/** A figure that is over its threshold, but not often enough yet to fire; nobody is told of it. */
export const pendingView = alertView
  .pick({ key: true, rule: true, subject: true, severity: true, value: true, threshold: true })
  .extend({ sinceMs: instant.describe('When the first look found it so') });
export type PendingAlert = z.output<typeof pendingView>;

/** One look at everything: what is wrong, what may become so, and of what nothing is known (whose alerts stay as they are). */
export interface Findings {
  readonly wrong: readonly Finding[];
  readonly pending: readonly Finding[];
  readonly unknown: ReadonlySet<string>;
}

/** Names the one open alert of a rule and a subject. */
export function alertKey(one: { readonly rule: RuleName; readonly subject: string }): string {
  return `${one.rule}/${one.subject}`;
}
