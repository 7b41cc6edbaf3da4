import { type Severity, severities } from '../fleet/schema-alerts.ts';
import { type Alert, alertKey, type Finding, type Findings, type PendingAlert } from './alert.ts';

/** What became of an alert. */
export interface AlertChange {
  readonly change: 'fired' | 'raised' | 'resolved';
  readonly alert: Alert;
}

/** The open alerts after a look, and what changed. */
export interface AlertStep {
  readonly open: ReadonlyMap<string, Alert>;
  readonly changes: readonly AlertChange[];
}

/** Most open alerts; a fleet in which everything is wrong tells of the first ones. */
const openMax = 1_000;

/**
 * The life of alerts as a fold: what is wrong fires, what is wrong still stays (with the worst severity it reached),
 * what was well for the whole cool-down is resolved. What nothing is known of stays as it is.
 */
export function stepAlerts(
  before: ReadonlyMap<string, Alert>,
  { wrong, unknown }: Omit<Findings, 'pending'>,
  { nowMs, coolDownMs }: { readonly nowMs: number; readonly coolDownMs: number },
): AlertStep {
  const open = new Map<string, Alert>();
  const changes: AlertChange[] = [];
  const found = new Map(wrong.map((finding) => [alertKey(finding), finding]));
  for (const [key, known] of before) {
    const alert = notAhead(known, nowMs);
    const finding = found.get(key);
    found.delete(key);
    if (finding !== undefined) {
      const next = goOn(alert, finding);
      open.set(key, next);
      if (next.severity !== alert.severity) changes.push({ change: 'raised', alert: next });
    } else if (unknown.has(key)) {
      open.set(key, alert);
    } else {
      const clearSinceMs = alert.clearSinceMs ?? nowMs;
      const next: Alert = { ...alert, state: 'clearing', clearSinceMs };
      if (nowMs - clearSinceMs >= coolDownMs) changes.push({ change: 'resolved', alert: next });
      else open.set(key, next);
    }
  }
  for (const [key, finding] of found) {
    if (open.size >= openMax) break;
    const alert: Alert = { key, ...finding, state: 'firing', firedAtMs: nowMs };
    open.set(key, alert);
    changes.push({ change: 'fired', alert });
  }
  return { open, changes };
}

/** What may fire soon, with since when; what fires already is not among it. At most as many as alerts. */
export function stepPending(
  before: ReadonlyMap<string, PendingAlert>,
  findings: readonly Finding[],
  { open, nowMs }: { readonly open: ReadonlyMap<string, Alert>; readonly nowMs: number },
): ReadonlyMap<string, PendingAlert> {
  const pending = new Map<string, PendingAlert>();
  for (const { rule, subject, severity, value, threshold } of findings.slice(0, openMax)) {
    const key = alertKey({ rule, subject });
    const sinceMs = Math.min(before.get(key)?.sinceMs ?? nowMs, nowMs);
    if (!open.has(key))
      pending.set(key, { key, rule, subject, severity, value, threshold, sinceMs });
  }
  return pending;
}

/** Whether one severity is worse than another. */
export function isWorse(one: Severity, other: Severity): boolean {
  return severities.indexOf(one) > severities.indexOf(other);
}

function goOn(alert: Alert, finding: Finding): Alert {
  const { clearSinceMs: _, ...rest } = alert;
  const severity = isWorse(finding.severity, alert.severity) ? finding.severity : alert.severity;
  return { ...rest, ...finding, severity, state: 'firing' };
}

/** A clock that was set back must not keep an alert open for as long as it was set back. */
function notAhead(alert: Alert, nowMs: number): Alert {
  const { clearSinceMs, told } = alert;
  return {
    ...alert,
    firedAtMs: Math.min(alert.firedAtMs, nowMs),
    ...(clearSinceMs === undefined ? {} : { clearSinceMs: Math.min(clearSinceMs, nowMs) }),
    ...(told === undefined ? {} : { told: { ...told, atMs: Math.min(told.atMs, nowMs) } }),
  };
}
