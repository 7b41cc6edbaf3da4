import type { AuditRow } from './audit.ts';

/** The first line of a file of audit rows; lines end by CRLF (RFC 4180). */
export const csvHead = 'row,at,door,by,did,about,outcome,why,tookMs,times';

/** A whole file of rows. */
export function auditCsv(rows: readonly AuditRow[], timeText: (atMs: number) => string): string {
  return [csvHead, ...rows.map((row) => csvLine(row, timeText)), ''].join('\r\n');
}

/** A row as RFC 4180 writes it; a cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function csvLine(one: AuditRow, timeText: (atMs: number) => string): string {
  const { row, atMs, door, by, did, about, outcome, why, tookMs, times } = one;
  const cells = [row, timeText(atMs), door, by, did, about.join(' '), outcome, why];
  return [...cells, tookMs, times].map(csvCell).join(',');
}

function csvCell(value: string | number | undefined): string {
  const text = String(value ?? '');
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
