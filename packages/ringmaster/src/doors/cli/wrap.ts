import { textWidth } from './text-width.ts';

/** Signs that may not begin a line, after the Japanese rules of line breaking (JIS X 4051, the common ones). */
const notFirst =
  /^[、。，．・：；？！)）」』】〕］｝ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ.,:;?!]/u;

/** Opening brackets may not end a line. */
const notLast = /[(（「『【〔［｛]$/u;

/**
 * Text in lines of at most `widthColumns` columns: broken at spaces, and between wide characters, which are written
 * without spaces. A word that is wider than a line stands on one of its own.
 */
export function wrapText(text: string, widthColumns: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, widthColumns))
    .join('\n');
}

function wrapLine(line: string, widthColumns: number): string {
  const lines: string[] = [];
  let current = '';
  for (const piece of pieces(line)) {
    const fits = textWidth((current + piece).trimEnd()) <= widthColumns;
    if (fits || current.trim() === '') current += piece;
    else {
      lines.push(current.trimEnd());
      current = piece.trimStart();
    }
  }
  return [...lines, current.trimEnd()].join('\n');
}

/** What stays together: a word with the spaces after it, or a wide character with the signs that cling to it. */
function pieces(line: string): readonly string[] {
  const found =
    line.match(/[\u0020-\u007e\u00a0-\u10ff]+? +|[\u0021-\u007e\u00a0-\u10ff]+| +|./gu) ?? [];
  const joined: string[] = [];
  for (const piece of found) {
    const before = joined.at(-1);
    if (before !== undefined && (notFirst.test(piece) || notLast.test(before))) {
      joined[joined.length - 1] = before + piece;
    } else joined.push(piece);
  }
  return joined;
}
