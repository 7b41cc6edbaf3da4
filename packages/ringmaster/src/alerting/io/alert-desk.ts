import type { Cancel, Clock } from '../../clock.ts';
import { Problem } from '../../errors.ts';
import { type AlertSettings, severities } from '../../fleet/schema-alerts.ts';
import type { Append, NewEvent } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import {
  type Alert,
  alertKey,
  alertView,
  type PendingAlert,
  type Silence,
  silenceView,
} from '../alert.ts';
import { type AlertChange, stepAlerts, stepPending } from '../alert-table.ts';
import type { Alerting, Delivery, SilenceWish } from '../alerting.ts';
import { judge } from '../judge.ts';
import { dueNotices, type Notice } from '../notices.ts';
import { createEvidence, type EvidenceNeeds, lookEveryMs } from './evidence.ts';
import { createNotifierTools } from './notifier-tools.ts';
import { sendBy } from './notifiers/index.ts';
import type { NotifierTools } from './notifiers/notifier.ts';
import { createOutbox } from './outbox.ts';

/** What the desk needs. */
export interface AlertDeskNeeds extends EvidenceNeeds {
  readonly clock: Clock;
  readonly append: Append;
  readonly journal: Pick<
    Journal,
    'recallAll' | 'remember' | 'flushWithin' | 'follow' | 'list' | 'readMetrics'
  >;
  readonly fleet: () => string;
  /** What `${VAR}` in the notifiers' settings stand for. Secrets: never stored, never shown. */
  readonly variables: () => Promise<Readonly<Record<string, string | undefined>>>;
  readonly run: NotifierTools['run'];
  readonly newId: () => string;
}

/** Events that may be an alert are looked at so soon, together with what comes meanwhile. */
const soonMs = 200;
/** In a storm of events looks are so far apart: each reads every log. */
const stormMs = 1_000;
/** Most silences at once. */
const silencesMax = 100;
const alertFact = 'alert';
const silenceFact = 'alertSilence';

/** The alert desk of one daemon; alerts of an earlier life go on. */
export function createAlertDesk(needs: AlertDeskNeeds): Alerting {
  const { clock, append, journal, newId } = needs;
  const tools = createNotifierTools(needs);
  let settings: AlertSettings | undefined;
  let open = restoreAlerts(journal.recallAll(alertFact));
  let pending: ReadonlyMap<string, PendingAlert> = new Map();
  let silences = restoreSilences(journal.recallAll(silenceFact));
  let cancel: Cancel = () => {};
  /** When the next look is planned. */
  let nextTickMs = Number.POSITIVE_INFINITY;
  let lastTickMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  let isStopped = false;
  const current = () => {
    if (settings === undefined)
      throw new Problem('bug', 'Alerts were asked before there is a fleet');
    return settings;
  };
  const outbox = createOutbox({
    ...{ clock, append, journal, tools, newId },
    ...{ fleet: needs.fleet, settings: current },
  });
  const evidence = createEvidence(needs, () =>
    lookWithin(Math.max(soonMs, lastTickMs + stormMs - clock.tickMs())),
  );

  async function lookNow(): Promise<void> {
    const facts = await evidence.gather(current());
    if (isStopped) return;
    const findings = judge({
      ...facts,
      settings: current(),
      openAs: (key) => open.get(key)?.severity,
    });
    const { coolDownMs } = current();
    const step = stepAlerts(open, findings, { nowMs: facts.nowMs, coolDownMs });
    pending = stepPending(pending, findings.pending, { open: step.open, nowMs: facts.nowMs });
    silences = silences.filter(({ id, untilMs }) => {
      if (untilMs > facts.nowMs) return true;
      journal.remember(silenceFact, id, undefined);
      return false;
    });
    const resolved = step.changes
      .filter(({ change }) => change === 'resolved')
      .map(({ alert }) => alert);
    const told = dueNotices(step.open, {
      ...{ settings: current(), silences, resolved, nowMs: facts.nowMs },
    });
    for (const change of step.changes) append(eventOf(change, facts.nowMs));
    save(told.open);
    outbox.put(told.notices);
  }

  function save(next: ReadonlyMap<string, Alert>): void {
    for (const key of open.keys()) if (!next.has(key)) journal.remember(alertFact, key, undefined);
    for (const [key, alert] of next)
      if (JSON.stringify(open.get(key)) !== JSON.stringify(alert))
        journal.remember(alertFact, key, alert);
    open = next;
  }

  function look(): Promise<void> {
    // Whoever asks during a look wants what happened since it began, so another follows.
    looking = (looking ?? Promise.resolve()).then(lookNow).catch((error: unknown) => {
      if (isStopped) return;
      const what = `a look at the alerts failed: ${(error as Error).message}`;
      append({ atMs: clock.nowMs(), kind: 'invariant.broken', subject: 'daemon', what });
    });
    return looking;
  }

  /** Never puts off a look that is due sooner: neither by what goes on happening, nor by the end of another look. */
  function lookWithin(delayMs: number): void {
    const atTickMs = clock.tickMs() + delayMs;
    if (isStopped || settings === undefined || atTickMs >= nextTickMs) return;
    cancel();
    nextTickMs = atTickMs;
    cancel = clock.after(delayMs, () => {
      nextTickMs = Number.POSITIVE_INFINITY;
      lastTickMs = clock.tickMs();
      void look().then(() => lookWithin(lookEveryMs(needs.everyMs())));
    });
  }

  function known(key: string): Alert {
    const alert = open.get(key);
    if (alert === undefined) throw alertNotFound(key, [...open.keys()]);
    return alert;
  }

  function silence(wish: SilenceWish): Silence {
    if (silences.length >= silencesMax)
      throw new Problem('bad_request', `Found ${silencesMax} silences, needed an end of one first`);
    const kept = silenceView.parse({ ...wish, id: newId() });
    silences = [...silences, kept];
    journal.remember(silenceFact, kept.id, kept);
    const { by, note, untilMs, id } = kept;
    const subject = kept.subject ?? 'fleet';
    append({ atMs: clock.nowMs(), kind: 'alert.silenced', subject, id, by, note, untilMs });
    return kept;
  }

  async function test(name: string | undefined): Promise<readonly Delivery[]> {
    const { notifiers, language } = current();
    const wanted = name === undefined ? Object.keys(notifiers) : [name];
    return Promise.all(
      wanted.map(async (notifier): Promise<Delivery> => {
        const entry = notifiers[notifier];
        if (entry === undefined) throw notifierNotFound(notifier, Object.keys(notifiers));
        const notices = [testNotice(clock.nowMs())];
        const message = { id: newId(), fleet: needs.fleet(), language, notices, leftOut: 0 };
        const about = { subject: notifier, alerts: ['test'] };
        try {
          await sendBy(entry, message, tools);
          append({ atMs: clock.nowMs(), kind: 'alert.notified', ...about });
          return { notifier, ok: true };
        } catch (error) {
          const why = (error as Error).message;
          append({ atMs: clock.nowMs(), kind: 'alert.notifyFailed', ...about, why });
          return { notifier, ok: false, why };
        }
      }),
    );
  }

  return {
    setSettings(next) {
      const isFirst = settings === undefined;
      settings = next;
      if (isFirst) outbox.resume();
      lookWithin(soonMs);
    },
    open: () => [...open.values()].sort(worstFirst),
    pending: () => [...pending.values()],
    silences: () => silences.filter(({ untilMs }) => untilMs > clock.nowMs()),
    unacknowledge(key, by) {
      const { acknowledged: _, ...next } = known(key);
      save(new Map([...open, [key, next]]));
      const { subject } = next;
      append({ atMs: clock.nowMs(), kind: 'alert.unacknowledged', subject, key, by });
      lookWithin(soonMs);
      return next;
    },
    acknowledge(key, { by, note }) {
      const alert = known(key);
      const atMs = clock.nowMs();
      const next: Alert = { ...alert, acknowledged: { by, note, atMs } };
      save(new Map([...open, [key, next]]));
      append({ atMs, kind: 'alert.acknowledged', subject: alert.subject, key, by, note });
      return next;
    },
    silence,
    unsilence(id) {
      const known = silences.find((one) => one.id === id);
      if (known === undefined)
        throw new Problem('silence_not_found', `Found no silence ${JSON.stringify(id)}`);
      silences = silences.filter((one) => one !== known);
      journal.remember(silenceFact, id, undefined);
      const subject = known.subject ?? 'fleet';
      append({ atMs: clock.nowMs(), kind: 'alert.unsilenced', subject, id });
    },
    test,
    look,
    stop() {
      isStopped = true;
      cancel();
      evidence.stop();
      outbox.stop();
    },
  };
}

function eventOf({ change, alert }: AlertChange, atMs: number): NewEvent {
  const { key, rule, subject, severity, why, value, threshold, firedAtMs } = alert;
  if (change === 'resolved')
    return { atMs, kind: 'alert.resolved', subject, key, rule, severity, firedAtMs };
  const told = { subject, key, rule, severity, why, value, threshold };
  return { atMs, kind: change === 'fired' ? 'alert.fired' : 'alert.raised', ...told };
}

/** What an earlier version wrote in another form is forgotten: it fires again if it is still so. */
function restoreAlerts(facts: ReadonlyMap<string, unknown>): ReadonlyMap<string, Alert> {
  return new Map(
    [...facts].flatMap(([key, value]) => {
      const { data } = alertView.safeParse(value);
      return data === undefined ? [] : [[key, data] as const];
    }),
  );
}

function restoreSilences(facts: ReadonlyMap<string, unknown>): readonly Silence[] {
  return [...facts.values()].flatMap((value) => silenceView.safeParse(value).data ?? []);
}

function worstFirst(one: Alert, other: Alert): number {
  const rank = (alert: Alert) => severities.indexOf(alert.severity);
  return rank(other) - rank(one) || one.firedAtMs - other.firedAtMs;
}

function testNotice(nowMs: number): Notice {
  const about = { rule: 'cpuPercent', subject: 'machine' } as const;
  const alert: Alert = {
    ...{ key: alertKey(about), ...about, severity: 'info', state: 'firing' },
    ...{ value: 0, threshold: 0, firedAtMs: nowMs },
  };
  return { about: 'test', alert, level: 0 };
}

function alertNotFound(key: string, known: readonly string[]): Problem {
  const open = known.length === 0 ? 'none is open' : `open are ${known.slice(0, 20).join(', ')}`;
  return new Problem('alert_not_found', `Found no open alert ${JSON.stringify(key)}; ${open}`);
}

function notifierNotFound(name: string, known: readonly string[]): Problem {
  const there = known.length === 0 ? 'the fleet file has none' : `there are ${known.join(', ')}`;
  return new Problem('notifier_not_found', `Found no notifier ${JSON.stringify(name)}; ${there}`);
}
