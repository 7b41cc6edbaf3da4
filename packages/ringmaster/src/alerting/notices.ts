import type { AlertSettings } from '../fleet/schema-alerts.ts';
import type { Alert, Silence } from './alert.ts';
import { isWorse } from './alert-table.ts';

/** Somebody is to be told of an alert. */
export interface Notice {
  readonly about: 'firing' | 'worse' | 'still' | 'resolved' | 'test';
  readonly alert: Alert;
  /** Escalation level, 1 to 4; 0 for a test. */
  readonly level: number;
}

/** Notices by the name of the notifier that gets them, and the alerts as they are known to have been told. */
export interface Told {
  readonly open: ReadonlyMap<string, Alert>;
  readonly notices: ReadonlyMap<string, readonly Notice[]>;
}

/** What decides who is told. */
export interface TellingNeeds {
  readonly settings: AlertSettings;
  readonly silences: readonly Silence[];
  readonly nowMs: number;
  /** Alerts that were just resolved. */
  readonly resolved: readonly Alert[];
}

/**
 * Who is to be told of what, now. Silence, quiet hours and acknowledgement are asked each time, so an alert that still
 * fires when the night ends is told then.
 */
export function dueNotices(open: ReadonlyMap<string, Alert>, needs: TellingNeeds): Told {
  const after = new Map(open);
  const notices = new Map<string, Notice[]>();
  const tell = (names: readonly string[], notice: Notice) => {
    for (const name of names) notices.set(name, [...(notices.get(name) ?? []), notice]);
  };
  for (const [key, alert] of open) {
    const due = dueOf(alert, needs);
    if (due === undefined) continue;
    const { about, level } = due;
    tell(toldBetween(needs.settings, about === 'firing' ? (alert.told?.level ?? 0) : 0, level), {
      ...{ about, alert, level },
    });
    const told = { level, atMs: needs.nowMs, severity: alert.severity };
    after.set(key, { ...alert, told });
  }
  for (const alert of needs.resolved) {
    const level = alert.told?.level ?? 0;
    if (level === 0 || isSilenced(alert, needs)) continue;
    tell(toldBetween(needs.settings, 0, level), { about: 'resolved', alert, level });
  }
  return { open: after, notices };
}

function dueOf(
  alert: Alert,
  needs: TellingNeeds,
): { readonly about: 'firing' | 'worse' | 'still'; readonly level: number } | undefined {
  const { settings, nowMs } = needs;
  if (alert.state !== 'firing' || isHeld(alert, needs)) return undefined;
  const reached = settings.escalation.filter(({ afterMs }) => alert.firedAtMs + afterMs <= nowMs);
  const { told } = alert;
  if (told === undefined)
    return reached.length === 0 ? undefined : { about: 'firing', level: reached.length };
  if (isWorse(alert.severity, told.severity)) return { about: 'worse', level: reached.length };
  if (alert.acknowledged !== undefined) return undefined;
  if (reached.length > told.level) return { about: 'firing', level: reached.length };
  const isRepeat = settings.repeatMs > 0 && nowMs - told.atMs >= settings.repeatMs;
  return isRepeat ? { about: 'still', level: told.level } : undefined;
}

/** Names of all notifiers of the levels after `from` up to `to`, each once. */
function toldBetween(settings: AlertSettings, from: number, to: number): readonly string[] {
  const all = Object.keys(settings.notifiers);
  const levels = settings.escalation.slice(from, to);
  const names = levels.flatMap(({ notifiers }) => (notifiers.length === 0 ? all : notifiers));
  return [...new Set(names)].filter((name) => all.includes(name));
}

function isHeld(alert: Alert, needs: TellingNeeds): boolean {
  const { settings, nowMs } = needs;
  if (isWorse(settings.least, alert.severity) || isSilenced(alert, needs)) return true;
  if (alert.acknowledged !== undefined && alert.told === undefined) return true;
  const quiet = settings.quietHours;
  return quiet !== undefined && isWorse(quiet.least, alert.severity) && isQuiet(quiet, nowMs);
}

/** Whether a silence covers an alert now. */
export function isSilenced(
  alert: Pick<Alert, 'rule' | 'subject'>,
  { silences, nowMs }: Pick<TellingNeeds, 'silences' | 'nowMs'>,
): boolean {
  return silences.some(
    ({ rule, subject, untilMs }) =>
      untilMs > nowMs &&
      (rule === undefined || rule === alert.rule) &&
      (subject === undefined || subject === alert.subject),
  );
}

/** Whether a moment lies in the quiet hours, which may go over midnight. */
export function isQuiet(
  { from, to, timeZone }: NonNullable<AlertSettings['quietHours']>,
  nowMs: number,
): boolean {
  const time = new Intl.DateTimeFormat('en-GB', {
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(nowMs);
  return from <= to ? time >= from && time < to : time >= from || time < to;
}
