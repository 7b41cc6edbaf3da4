import type { Alert, Finding } from '../../alerting/alert.ts';
import { isWorse } from '../../alerting/alert-table.ts';
import { isSilenced } from '../../alerting/notices.ts';
import { listRules } from '../../alerting/rules.ts';
import { alertSentence } from '../../alerting/sentences.ts';
import type { AlertRow } from '../alerts.ts';
import type { Handlers } from '../index.ts';
import type { HandlerNeeds } from './needs.ts';
import type { ServerTable } from './server-table.ts';

type AlertHandlers = Pick<
  Handlers,
  | 'alert.list'
  | 'alert.acknowledge'
  | 'alert.silence'
  | 'alert.unsilence'
  | 'alert.test'
  | 'alert.rules'
>;

/** Handlers of the noun `alert`. What was answered is on disk. */
export function createAlertHandlers(needs: HandlerNeeds, table: ServerTable): AlertHandlers {
  const { clock, journal, daemon } = needs;

  function rowOf(alert: Alert): AlertRow {
    const sentence = sentenceOf(alert);
    const silences = needs.alerting().silences();
    return {
      ...alert,
      sentence,
      isSilenced: isSilenced(alert, { silences, nowMs: clock.nowMs() }),
    };
  }

  return {
    async 'alert.list'({ subject, severity, history, beforeSeq, limit }) {
      const alerting = needs.alerting();
      const isAsked = (one: Pick<Alert, 'subject' | 'severity'>) =>
        (subject === undefined || one.subject === subject) &&
        (severity === undefined || !isWorse(severity, one.severity));
      const alerts = alerting.open().filter(isAsked).map(rowOf);
      const soon = alerting.pending().filter(isAsked);
      const pending = soon.map((one) => ({ ...one, sentence: sentenceOf(one) }));
      const before = beforeSeq === undefined ? {} : { beforeSeq };
      const about = subject === undefined ? {} : { subject };
      const past = history
        ? await journal.list({ kind: 'alert.', limit, ...before, ...about })
        : [];
      return { alerts, pending, silences: [...alerting.silences()], history: past };
    },
    async 'alert.acknowledge'({ key, by, note }) {
      const alert = needs.alerting().acknowledge(key, { by, note });
      await journal.flush();
      return rowOf(alert);
    },
    async 'alert.silence'({ rule, subject, forMs, by, note }) {
      if (subject !== undefined && subject !== 'machine') table.check([subject]);
      const untilMs = clock.nowMs() + forMs;
      const made = needs.alerting().silence({ rule, subject, untilMs, by, note });
      await journal.flush();
      return made;
    },
    async 'alert.unsilence'({ id }) {
      needs.alerting().unsilence(id);
      await journal.flush();
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
