import { textWidth } from './text-width.ts';

/** A column: its heading and on which side its cells are filled up. */
export interface Column {
  readonly heading: string;
  readonly align?: 'left' | 'right';
}

/** Two spaces keep columns apart also where a cell ends in a wide character. */
const gap = '  ';

/** Fewest columns the last cell is cut to; below that a line may be longer than the terminal. */
const lastCellMinColumns = 16;

/**
 * Rows under their headings, columns as wide as their widest cell; wide characters (Japanese) count two columns,
 * colours none. With `widthColumns` the last cell of a row is cut so that a row fits the terminal.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  widthColumns?: number,
): string {
  const lines = [columns.map((column) => column.heading), ...rows];
  const widths = columns.map((_, at) =>
    Math.max(...lines.map((cells) => textWidth(cells[at] ?? ''))),
  );
  const last = columns.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + gap.length, 0);
  const room =
    widthColumns === undefined
      ? Number.POSITIVE_INFINITY
      : Math.max(lastCellMinColumns, widthColumns - before);
  return lines
    .map((cells) =>
      columns
        .map((column, at) => {
          const cell = at === last ? cut(cells[at] ?? '', room) : (cells[at] ?? '');
          const fill = ' '.repeat(Math.max(0, (widths[at] ?? 0) - textWidth(cell)));
          return column.align === 'right' ? fill + cell : at === last ? cell : cell + fill;
        })
        .join(gap)
        .trimEnd(),
    )
    .join('\n');
}

/** `text` filled up with spaces on the right to a width in terminal columns. */
export function padColumns(text: string, widthColumns: number): string {
  return text + ' '.repeat(Math.max(0, widthColumns - textWidth(text)));
}

/** Width of the widest text, in terminal columns. */
export function widestColumns(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => textWidth(text)));
}

/** Text of at most `widthColumns` columns, ending in `…` when something was cut; expects no colours. */
export function cut(text: string, widthColumns: number): string {
  if (!Number.isFinite(widthColumns) || textWidth(text) <= widthColumns) return text;
  let kept = '';
  let used = 1;
  for (const character of text) {
    used += textWidth(character);
    if (used > widthColumns) break;
    kept += character;
  }
  return `${kept}…`;
}
