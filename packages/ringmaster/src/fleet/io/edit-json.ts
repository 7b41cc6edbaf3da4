import { type Node, parseTree } from 'jsonc-parser';

/**
 * Sets one value in a JSON text (comments and trailing commas allowed) and leaves every other character as it is.
 * Missing sections on the way are made; in a list, an index behind the last item appends. The text must be valid.
 */
export function setInJson(
  text: string,
  path: readonly (string | number)[],
  value: unknown,
): string {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const style = styleOf(text);
  let node = root;
  for (const [depth, key] of path.entries()) {
    if (node === undefined) break;
    const child = childOf(node, key);
    if (child === undefined) {
      const rest = path.slice(depth + 1).reduceRight<unknown>((inner, name) => {
        return typeof name === 'number' ? [inner] : { [name]: inner };
      }, value);
      return insert(text, { into: node, key, value: rest, style });
    }
    node = child;
  }
  if (node === undefined) return text;
  const indent = indentAt(text, node.offset);
  const written = stringify(value, { ...style, indent });
  return text.slice(0, node.offset) + written + text.slice(node.offset + node.length);
}

interface Style {
  readonly unit: string;
  readonly eol: string;
}

function styleOf(text: string): Style {
  return {
    unit: /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ',
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

function childOf(node: Node, key: string | number): Node | undefined {
  if (node.type === 'array') return typeof key === 'number' ? node.children?.[key] : undefined;
  return node.children?.find((property) => property.children?.[0]?.value === key)?.children?.[1];
}

function insert(
  text: string,
  how: {
    readonly into: Node;
    readonly key: string | number;
    readonly value: unknown;
    readonly style: Style;
  },
): string {
  const { into, key, value, style } = how;
  const label = into.type === 'array' ? '' : `${JSON.stringify(key)}: `;
  const close = into.offset + into.length - 1;
  const last = into.children?.at(-1);
  const inside = text.slice(into.offset, close);
  if (last !== undefined && !inside.includes('\n')) {
    const end = last.offset + last.length;
    return `${text.slice(0, end)}, ${label}${JSON.stringify(value)}${text.slice(end)}`;
  }
  const outer = indentAt(text, into.offset);
  const indent = last === undefined ? outer + style.unit : indentAt(text, last.offset);
  const entry = `${style.eol}${indent}${label}${stringify(value, { ...style, indent })}`;
  const content = text.slice(0, close).trimEnd();
  const tail = text.slice(content.length, close);
  const closing = tail.includes('\n') ? tail : `${style.eol}${outer}`;
  if (last === undefined) return content + entry + closing + text.slice(close);
  const end = last.offset + last.length;
  const between = text.slice(end, close);
  const hasComma = withoutComments(between).includes(',');
  const before = hasComma ? content : `${text.slice(0, end)},${content.slice(end)}`;
  return before + entry + (hasComma ? ',' : '') + closing + text.slice(close);
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '');
}

function stringify(value: unknown, style: Style & { readonly indent: string }): string {
  return JSON.stringify(value, null, style.unit).replaceAll('\n', style.eol + style.indent);
}

/** The white space at the beginning of the line that an offset lies in. */
function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}
