/** Something that has a number, and its place on an axis. */
export interface Numbered {
  readonly x: number;
  readonly number: number;
}

/** One mark for those that would lie on each other, at the place of the newest. */
export interface AxisMark {
  readonly x: number;
  /** `3`, or `3–5` for those of these numbers. */
  readonly label: string;
}

/** Marks of numbered things that stand at least `least` apart: nearer ones are one mark with the first and last number. */
export function axisMarks(things: readonly Numbered[], least: number): AxisMark[] {
  const groups: { first: number; last: number; x: number }[] = [];
  for (const { x, number } of things.toSorted((one, other) => other.x - one.x)) {
    const group = groups.at(-1);
    if (group === undefined || group.x - x >= least)
      groups.push({ first: number, last: number, x });
    else group.first = number;
  }
  return groups
    .reverse()
    .map(({ first, last, x }) => ({ x, label: first === last ? `${last}` : `${first}–${last}` }));
}
