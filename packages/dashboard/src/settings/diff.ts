/** A line of a difference. */
export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Between changes, lines farther than this from any of them are left out. */
const contextLines = 3;
/** Beyond this product of changed lines the exact way is too slow for a page; the whole block is shown as replaced. */
const exactMax = 4_000_000;

/**
 * What changed from one text to another, line by line, with three lines around each change; what is left out between
 * two changes is one empty entry with the sign ' ' and the text '…'.
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  const most = Math.min(old.length, now.length) - head;
  while (tail < most && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const middle = changed(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  const same = (text: string): DiffLine => ({ sign: ' ', text });
  const all = [
    ...old.slice(0, head).map(same),
    ...middle,
    ...old.slice(old.length - tail).map(same),
  ];
  return withContext(all);
}

/** Longest common subsequence: what is in it stays. */
function changed(old: readonly string[], now: readonly string[]): DiffLine[] {
  const replaced = [
    ...old.map((text): DiffLine => ({ sign: '-', text })),
    ...now.map((text): DiffLine => ({ sign: '+', text })),
  ];
  if (old.length === 0 || now.length === 0 || old.length * now.length > exactMax) return replaced;
  const wide = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * wide);
  const at = (row: number, column: number): number => lengths[row * wide + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1)
    for (let column = now.length - 1; column >= 0; column -= 1)
      lengths[row * wide + column] =
        old[row] === now[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < old.length || column < now.length) {
    const [left, right] = [old[row], now[column]];
    if (left !== undefined && left === right) {
      lines.push({ sign: ' ', text: left });
      row += 1;
      column += 1;
    } else if (
      left !== undefined &&
      (right === undefined || at(row + 1, column) >= at(row, column + 1))
    ) {
      lines.push({ sign: '-', text: left });
      row += 1;
    } else if (right !== undefined) {
      lines.push({ sign: '+', text: right });
      column += 1;
    }
  }
  return lines;
}

function withContext(lines: readonly DiffLine[]): DiffLine[] {
  const isNear = lines.map((_, index) =>
    lines
      .slice(Math.max(0, index - contextLines), index + contextLines + 1)
      .some(({ sign }) => sign !== ' '),
  );
  const shown: DiffLine[] = [];
  for (const [index, line] of lines.entries()) {
    if (isNear[index] === true) shown.push(line);
    else if (index > 0 && isNear[index - 1] === true) shown.push({ sign: ' ', text: '…' });
  }
  return shown.at(-1)?.text === '…' ? shown.slice(0, -1) : shown;
}
