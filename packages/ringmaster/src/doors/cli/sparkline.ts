/** One value at a moment. */
export interface Spot {
  readonly atMs: number;
  readonly value: number;
}

/** Heights of a column, from nothing to the largest. */
const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/**
 * Values over time as blocks, from zero to the largest of them. Several values of one column are their mean; a column
 * without a value stays empty, as nobody knows what was there.
 */
export function sparkline(
  spots: readonly Spot[],
  time: {
    readonly fromMs: number;
    readonly toMs: number;
    /** Time between two values; no column is shorter. */
    readonly stepMs: number;
    /** Most columns. */
    readonly widthColumns: number;
  },
): string {
  const startMs = Math.floor(time.fromMs / time.stepMs) * time.stepMs;
  const steps = Math.max(1, Math.floor((time.toMs - startMs) / time.stepMs) + 1);
  const stepsPerColumn = Math.ceil(steps / time.widthColumns);
  const columns: number[][] = Array.from({ length: Math.ceil(steps / stepsPerColumn) }, () => []);
  for (const { atMs, value } of spots)
    columns[Math.floor((atMs - startMs) / time.stepMs / stepsPerColumn)]?.push(value);
  const means = columns.map((values) =>
    values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length,
  );
  const largest = Math.max(0, ...means.map((mean) => mean ?? 0));
  return means.map((mean) => blockOf(mean, largest)).join('');
}

function blockOf(mean: number | undefined, largest: number): string {
  if (mean === undefined) return ' ';
  const height = largest === 0 ? 0 : Math.round((Math.max(0, mean) / largest) * 7);
  return blocks[height] ?? ' ';
}
