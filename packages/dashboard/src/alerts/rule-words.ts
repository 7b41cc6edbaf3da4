import type { OutputOf } from 'ringmaster/operations';
import { bytes, latency, number } from '../format.ts';
import type { Key } from '../words/en.ts';
import type { Say } from '../words/say.ts';

/** What the daemon tells of alerts. */
export type AlertList = OutputOf<'alert.list'>;
/** One open alert. */
export type AlertRow = AlertList['alerts'][number];
/** How bad, the mildest first. */
export type Severity = AlertRow['severity'];

/** The mildest first. */
export const severities: readonly Severity[] = ['info', 'warning', 'high', 'critical'];

/** A figure of a rule with its unit. */
export function ruleFigure(rule: string, value: number): string {
  const { value: text, unit } =
    rule === 'memoryBytes'
      ? bytes(value)
      : rule === 'latencyMs'
        ? latency(value)
        : { value: number(value), unit: rule.endsWith('Percent') ? '%' : '' };
  return unit === '' ? text : `${text}\u00a0${unit}`;
}

/** What an alert is about, in a few words: its subject and what is wrong with it. */
export function alertTitle(
  { rule, subject }: { readonly rule: string; readonly subject: string },
  say: Say,
): string {
  const name = subject === 'machine' ? say('alerts.machineTitle') : subject;
  return say(`rule.${rule}` as Key, { subject: name });
}

/** The class that colours a severity. */
export function severityClass(severity: Severity): string {
  const classes = { info: 'starting', warning: 'sick', high: 'high', critical: 'failed' } as const;
  return `is-${classes[severity]}`;
}
