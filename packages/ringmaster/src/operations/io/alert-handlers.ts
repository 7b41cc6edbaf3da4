import type { Alert, Finding } from '../../alerting/alert.ts';
import { isWorse } from '../../alerting/alert-table.ts';
import { alertsVerdict } from '../../alerting/alerts-verdict.ts';
import { type Attempt, ladderOf, notifierRows } from '../../alerting/ladder.ts';
import { isQuiet, isSilenced } from '../../alerting/notices.ts';
import { foldPast } from '../../alerting/past.ts';
import { listRules } from '../../alerting/rules.ts';
import { alertSentence } from '../../alerting/sentences.ts';
import type { AlertSettings } from '../../fleet/schema-alerts.ts';
import type { JournalEvent } from '../../journal/events.ts';
import type { AlertRow } from '../alerts.ts';
import type { Handlers, OutputOf } from '../index.ts';
import type { HandlerNeeds } from './needs.ts';
import { eventsSince } from './scan-events.ts';
import type { ServerTable } from './server-table.ts';

type AlertHandlers = Pick<
  Handlers,
  | 'alert.list'
  | 'alert.acknowledge'
  | 'alert.unacknowledge'
  | 'alert.history'
  | 'alert.silence'
  | 'alert.unsilence'
  | 'alert.test'
  | 'alert.rules'
>;

/** Newest deliveries and newest failures that are looked at; the journal gives no more at once. */
const attemptsMax = 1_000;
const pastKinds = ['alert.fired', 'alert.raised', 'alert.acknowledged', 'alert.resolved'] as const;
/** Pages of 1 000 events of each kind; of a greater storm the oldest are left out, and told so. */
const pastPagesMax = 5;

/** Handlers of the noun `alert`. What was answered is on disk. */
export function createAlertHandlers(needs: HandlerNeeds, table: ServerTable): AlertHandlers {
  const { clock, journal, daemon } = needs;

  const settings = () => daemon.currentFleet().fleet.alerts;

  function rowOf(alert: Alert, attempts: readonly Attempt[]): AlertRow {
    const nowMs = clock.nowMs();
    const silences = needs.alerting().silences();
    return {
      ...alert,
      sentence: sentenceOf(alert),
      isSilenced: isSilenced(alert, { silences, nowMs }),
      ladder: ladderOf(alert, { settings: settings(), attempts, nowMs }),
    };
  }

  /** The newest attempts to tell somebody, in order of time. */
  async function newestAttempts(): Promise<Attempt[]> {
    const kinds = ['alert.notified', 'alert.notifyFailed'] as const;
    const events = await Promise.all(
      kinds.map((kind) => journal.list({ kind, limit: attemptsMax })),
    );
    return events
      .flat()
      .sort((one, other) => one.seq - other.seq)
      .flatMap(attemptOf);
  }

  return {
    async 'alert.list'({ subject, severity, history, beforeSeq, limit }) {
      const alerting = needs.alerting();
      const isAsked = (one: Pick<Alert, 'subject' | 'severity'>) =>
        (subject === undefined || one.subject === subject) &&
        (severity === undefined || !isWorse(severity, one.severity));
      const attempts = await newestAttempts();
      const alerts = alerting
        .open()
        .filter(isAsked)
        .map((alert) => rowOf(alert, attempts));
      const soon = alerting.pending().filter(isAsked);
      const pending = soon.map((one) => ({ ...one, sentence: sentenceOf(one) }));
      const before = beforeSeq === undefined ? {} : { beforeSeq };
      const about = subject === undefined ? {} : { subject };
      const past = history
        ? await journal.list({ kind: 'alert.', limit, ...before, ...about })
        : [];
      return {
        ...{ verdict: alertsVerdict(alerting.open()), alerts, pending, history: past },
        silences: [...alerting.silences()],
        notifiers: notifierRows(settings().notifiers, attempts),
        ...quietNow(settings().quietHours, clock.nowMs()),
      };
    },
    async 'alert.acknowledge'({ key, by, note }) {
      const alert = needs.alerting().acknowledge(key, { by, note });
      return rowOf(alert, await newestAttempts());
    },
    async 'alert.unacknowledge'({ key, by }) {
      const alert = needs.alerting().unacknowledge(key, by);
      return rowOf(alert, await newestAttempts());
    },
    async 'alert.history'({ rangeMs }) {
      const toMs = clock.nowMs();
      const fromMs = toMs - rangeMs;
      const read = await Promise.all(
        pastKinds.map((kind) => eventsSince(journal, { kind, sinceMs: fromMs }, pastPagesMax)),
      );
      const events = read.flatMap((one) => one.events).sort((one, other) => one.seq - other.seq);
      return {
        ...foldPast({ fromMs, toMs, events, open: needs.alerting().open() }),
        isWhole: read.every(({ isWhole }) => isWhole),
      };
    },
    async 'alert.silence'({ rule, subject, forMs, by, note }) {
      if (subject !== undefined && subject !== 'machine') table.check([subject]);
      const untilMs = clock.nowMs() + forMs;
      const made = needs.alerting().silence({ rule, subject, untilMs, by, note });
      return made;
    },
    async 'alert.unsilence'({ id }) {
      needs.alerting().unsilence(id);
      return { silences: [...needs.alerting().silences()] };
    },
    async 'alert.test'({ notifier }) {
      return { deliveries: [...(await needs.alerting().test(notifier))] };
    },
    async 'alert.rules'() {
      const { alerts } = daemon.currentFleet().fleet;
      const notifiers = Object.entries(alerts.notifiers);
      return {
        rules: listRules(alerts),
        notifiers: notifiers.map(([notifier, { kind }]) => ({ notifier, kind })),
      };
    },
  };
}

function sentenceOf(found: Finding): AlertRow['sentence'] {
  return { en: alertSentence(found, 'en'), ja: alertSentence(found, 'ja') };
}

function attemptOf(event: JournalEvent): Attempt[] {
  if (event.kind !== 'alert.notified' && event.kind !== 'alert.notifyFailed') return [];
  const { subject: notifier, atMs, alerts } = event;
  if (event.kind === 'alert.notified') return [{ notifier, atMs, alerts }];
  const { why, nextTryInMs } = event;
  const nextTryAtMs = nextTryInMs === undefined ? undefined : atMs + nextTryInMs;
  return [{ notifier, atMs, alerts, why, nextTryAtMs }];
}

function quietNow(
  hours: AlertSettings['quietHours'],
  nowMs: number,
): Pick<OutputOf<'alert.list'>, 'quiet'> {
  if (hours === undefined || !isQuiet(hours, nowMs)) return {};
  return { quiet: { until: hours.to, least: hours.least } };
}
