import type { Panel } from './panels.ts';

/** Length of a week. */
export const weekMs = 7 * 86_400_000;

/**
 * The panels with what each line was a week before, where that is known. `past` are the panels of that time: older figures
 * are kept by the hour alone, so one value of the past stands for all moments of its step.
 */
export function besideLastWeek(panels: readonly Panel[], past: readonly Panel[]): Panel[] {
  return panels.map((panel) => {
    const before = past.find(({ name }) => name === panel.name);
    if (before === undefined) return panel;
    const [first = 0, second = first + 1] = before.atMs;
    const place = (atMs: number): number => Math.floor((atMs - weekMs - first) / (second - first));
    const lines = panel.lines.map((line) => {
      const same = before.lines.find(({ label }) => label === line.label);
      if (same === undefined) return line;
      return { ...line, past: panel.atMs.map((atMs) => same.values[place(atMs)] ?? null) };
    });
    return { ...panel, lines };
  });
}
