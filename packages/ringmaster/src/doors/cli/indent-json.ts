/** A token of JSON: a text, a bracket, a comma or colon, or a number or word as it stands. */
const tokens = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g;

/** JSON text with line breaks and indents of two spaces; unlike reading and writing it, no number changes. */
export function indentJson(text: string): string {
  let depth = 0;
  let before = '';
  let written = '';
  for (const [token] of text.matchAll(tokens)) {
    const isEnd = token === '}' || token === ']';
    if (isEnd) depth -= 1;
    const breaks = isEnd ? !/^[[{]$/.test(before) : /^[[{,]$/.test(before);
    if (breaks) written += `\n${'  '.repeat(depth)}`;
    written += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth += 1;
    before = token;
  }
  return written;
}
