import type { AuditRow } from './use-audit.ts';

/** Rows beside each other that say the same, as one: the newest stands for all of them, and for what each counts. */
export interface FoldedRow {
  readonly row: AuditRow;
  readonly count: number;
  /** When the oldest of them was. */
  readonly firstAtMs: number;
}

/** Folds what was done again and again by the same asker with the same outcome; rows come newest first. */
export function foldRows(rows: readonly AuditRow[]): FoldedRow[] {
  const folded: FoldedRow[] = [];
  let before = '';
  for (const row of rows) {
    const { door, by, did, about, outcome, why, times = 1 } = row;
    const said = JSON.stringify([door, by, did, about, outcome, why]);
    const last = folded.at(-1);
    if (last === undefined || said !== before)
      folded.push({ row, count: times, firstAtMs: row.atMs });
    else folded[folded.length - 1] = { ...last, count: last.count + times, firstAtMs: row.atMs };
    before = said;
  }
  return folded;
}
