/** What a kept report covers, read from its name: `daily-2026-11-20`, `monthly-2026-11`. */
export interface ReportName {
  readonly period: 'daily' | 'weekly' | 'monthly';
  /** Its first day, or its month. */
  readonly date: string;
}

const form = /^(daily|weekly|monthly)-(\d{4}-\d{2}(?:-\d{2})?)$/;

/** Undefined for a name that no report of ours has. */
export function readReportName(name: string): ReportName | undefined {
  const [, period, date] = form.exec(name) ?? [];
  if (period === undefined || date === undefined) return undefined;
  return { period: period as ReportName['period'], date };
}
