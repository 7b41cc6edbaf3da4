import { z } from 'zod';
import type { JournalEvent } from '../journal/events.ts';

/** How often an alert fired in some time. */
export const alertCount = z.object({
  rule: z.string(),
  subject: z.string().describe('A server, or what else the rule is about'),
  fired: z.int(),
});
export type AlertCount = z.output<typeof alertCount>;

/** Most rows; those that fired least are left out. */
const rowsMax = 50;

/** Counts the alerts that fired among some events, most often first. */
export function countAlerts(
  events: readonly JournalEvent[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): AlertCount[] {
  const counts = new Map<string, AlertCount>();
  for (const event of events) {
    if (event.kind !== 'alert.fired' || event.atMs < fromMs || event.atMs >= toMs) continue;
    const { rule, subject } = event;
    const key = `${rule} ${subject}`;
    counts.set(key, { rule, subject, fired: (counts.get(key)?.fired ?? 0) + 1 });
  }
  return [...counts.values()].sort((one, other) => other.fired - one.fired).slice(0, rowsMax);
}
