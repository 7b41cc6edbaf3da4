import { z } from 'zod';
import { alertView, pendingView, ruleNames, silenceView } from '../alerting/alert.ts';
import { notifierView, stationView } from '../alerting/ladder.ts';
import { pastView } from '../alerting/past.ts';
import { verdictView } from '../alerting/verdict.ts';
import { severities } from '../fleet/schema-alerts.ts';
import { durationMs } from '../fleet/units.ts';
import { operation } from './operation.ts';

const dayMs = 86_400_000;
const by = z.string().max(100).default('somebody').describe('Who does it, for the record');
const note = z.string().max(1_000).default('').describe('Why, or what is being done');
const told = z.object({ en: z.string(), ja: z.string() });
const sentence = told.describe('The same in one sentence, in two languages');
const openAlert = alertView.extend({
  sentence,
  isSilenced: z.boolean().describe('Nobody is told of it now'),
  ladder: z.array(stationView).describe('Levels L1 to L4; empty without notifiers'),
});
export type AlertRow = z.output<typeof openAlert>;
const pendingAlert = pendingView.extend({ sentence });

/** What can be asked of alerts. */
export const alertOperations = {
  'alert.list': operation({
    summary: 'List open alerts, the worst first, with the silences and, if asked, the past',
    input: z.object({
      subject: z.string().optional().describe('Only of this server, or of machine'),
      severity: z.enum(severities).optional().describe('Only this severity or worse'),
      history: z
        .stringbool()
        .or(z.boolean())
        .default(false)
        .describe('Also what happened to alerts before, newest first'),
      beforeSeq: z.coerce.number().int().optional().describe('Only the past before this event'),
      limit: z.coerce.number().int().min(1).max(1_000).default(100).meta({ unit: 'events' }),
    }),
    output: z.object({
      verdict: told.describe('Over all open alerts, whatever was asked for'),
      alerts: z.array(openAlert),
      pending: z.array(pendingAlert).describe('Over the threshold, but not often enough yet'),
      silences: z.array(silenceView),
      notifiers: z.array(notifierView).describe('How it stands with those who are told'),
      quiet: z
        .object({ until: z.string().describe('Such as 07:00'), least: z.enum(severities) })
        .optional()
        .describe('Quiet hours, while they last: milder alerts wait'),
      history: z
        .array(
          z.looseObject({ seq: z.int(), atMs: z.number(), kind: z.string(), subject: z.string() }),
        )
        .describe('Events of kind alert.*; empty unless asked for'),
    }),
    errors: [],
  }),
  'alert.acknowledge': operation({
    summary: 'Take an open alert: nobody else is told unless it gets worse',
    input: z.object({ key: z.string().describe('As alert.list names it: RULE/SUBJECT'), by, note }),
    output: openAlert,
    errors: ['alert_not_found'],
  }),
  'alert.unacknowledge': operation({
    summary: 'Give an alert back that somebody took: its escalation goes on',
    input: z.object({ key: z.string().describe('As alert.list names it: RULE/SUBJECT'), by }),
    output: openAlert,
    errors: ['alert_not_found'],
  }),
  'alert.history': operation({
    summary: 'Tell how often and how long each rule fired, and how soon somebody took it',
    input: z.object({
      rangeMs: durationMs({
        min: 60_000,
        max: 30 * dayMs,
        default: 7 * dayMs,
        describe: 'How far back',
      }),
    }),
    output: pastView,
    errors: [],
  }),
  'alert.silence': operation({
    summary: 'Tell nobody of some alerts for a while; they are listed all the same',
    input: z.object({
      rule: z.enum(ruleNames).optional().describe('Left out: every rule'),
      subject: z.string().optional().describe('A server, or machine; left out: everything'),
      forMs: durationMs({
        min: 1_000,
        max: 30 * dayMs,
        default: 3_600_000,
        describe: 'For so long from now',
      }),
      ...{ by, note },
    }),
    output: silenceView,
    errors: ['server_not_found'],
  }),
  'alert.unsilence': operation({
    summary: 'End a silence before its time',
    input: z.object({ id: z.string() }),
    output: z.object({ silences: z.array(silenceView) }),
    errors: ['silence_not_found'],
  }),
  'alert.test': operation({
    summary: 'Send a test message to one notifier or all, and say what became of it',
    input: z.object({ notifier: z.string().optional().describe('Left out: all') }),
    output: z.object({
      deliveries: z.array(
        z.object({ notifier: z.string(), ok: z.boolean(), why: z.string().optional() }),
      ),
    }),
    errors: ['notifier_not_found'],
  }),
  'alert.rules': operation({
    summary: 'Show what is watched with which thresholds, and who is told',
    input: z.object({}),
    output: z.object({
      rules: z.array(
        z.object({
          rule: z.enum(ruleNames),
          subject: z.string().optional().describe('The one server it holds for, if so'),
          sentence: told.describe('What it says, with its open places'),
          levels: z
            .partialRecord(z.enum(severities), z.number())
            .optional()
            .describe('Thresholds by severity; missing where it is no figure'),
          isOn: z.boolean(),
        }),
      ),
      notifiers: z.array(z.object({ notifier: z.string(), kind: z.string() })),
    }),
    errors: [],
  }),
  'fleet.verdict': operation({
    summary: 'Say in one sentence whether anything is wrong, and why, since when, what to do',
    input: z.object({}),
    output: verdictView,
    errors: [],
  }),
} as const;
