import type { Report } from './report.ts';
import type { ReportLanguage } from './words.ts';

/** A kept report, without what it says. */
export interface KeptReport {
  /** `daily-2026-11-20`, `weekly-2026-11-16`, `monthly-2026-11`. */
  readonly name: string;
  readonly madeAtMs: number;
  readonly sizeBytes: number;
}

/** Where reports are kept; the oldest of a period go first. */
export interface Shelf {
  readonly folder: string;
  /** Replaces one of that name. Rejects when it cannot be written. */
  keep(name: string, report: Report, language: ReportLanguage): Promise<void>;
  /** Newest first. */
  list(): Promise<readonly KeptReport[]>;
  /** Undefined when there is none of that name, or it cannot be read. */
  read(name: string): Promise<Report | undefined>;
}

/** Most reports kept of each period: days for a quarter, months for as many months. */
export const reportsMax = 92;
/** What a report is called; nothing else becomes the name of a file. */
export const reportName = /^(daily|weekly|monthly)-\d{4}-\d{2}(-\d{2})?$/;

/** Names of reports that are too many, of any names. */
export function tooMany(names: readonly string[]): readonly string[] {
  const periods = new Set(names.map((name) => name.split('-')[0]));
  return [...periods].flatMap((period) =>
    names
      .filter((name) => name.startsWith(`${period}-`))
      .toSorted()
      .slice(0, -reportsMax),
  );
}
