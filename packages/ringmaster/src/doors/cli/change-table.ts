import type { OutputOf } from '../../operations/index.ts';
import { renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/** Changes of settings as a table: what is written now, and what will be. */
export function changeTable(
  changes: OutputOf<'server.edit'>['changes'],
  { say, widthColumns }: Terminal,
): string {
  const headings = ['setting', 'before', 'after'] as const;
  return renderTable(
    headings.map((name) => ({ heading: say(`column.${name}`) })),
    changes.map(({ setting, before = '-', after = '-' }) => [setting, before, after]),
    widthColumns,
  );
}
