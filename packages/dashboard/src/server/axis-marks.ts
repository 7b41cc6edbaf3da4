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

/** How far a mark reaches from its place to either side, in the unit of the axis. */
export type MarkReach = (label: string) => { readonly before: number; readonly after: number };

/** Marks of numbered things, none on another: those that would are one mark with the first and last number. */
export function axisMarks(things: readonly Numbered[], reach: MarkReach): AxisMark[] {
  const groups = things
    .toSorted((one, other) => one.x - other.x)
    .map(({ x, number }) => ({ x, first: number, last: number }));
  // A mark of several is wider than its parts, and may lie on what stood clear of these.
  for (let at = groups.length - 1; at > 0; ) {
    const [left, right] = [groups[at - 1], groups[at]];
    if (left === undefined || right === undefined) break;
    if (left.x + reach(labelOf(left)).after > right.x - reach(labelOf(right)).before) {
      groups.splice(at - 1, 2, { ...right, first: left.first });
      at = Math.min(at, groups.length - 1);
    } else at -= 1;
  }
  return groups.map((group) => ({ x: group.x, label: labelOf(group) }));
}

function labelOf({ first, last }: { readonly first: number; readonly last: number }): string {
  return first === last ? `${last}` : `${first}–${last}`;
}
