/** A piece of a text with variables; `source` is how it was written. */
export type Segment =
  | { readonly kind: 'text'; readonly text: string; readonly source: string }
  | {
      readonly kind: 'variable';
      readonly name: string;
      /** What stands after `:-`; it may contain variables itself. */
      readonly fallback: string | undefined;
      readonly source: string;
    }
  /** A `${` that is not closed or names no variable, such as `${input:token}`. */
  | { readonly kind: 'unreadable'; readonly source: string };

/** Splits a text at `${VAR}`, `${VAR:-default}` and `$$`, which stands for one `$`. */
export function segmentsOf(text: string): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  while (from < text.length) {
    const dollar = text.indexOf('$', from);
    if (dollar < 0) {
      segments.push(literal(text.slice(from)));
      break;
    }
    if (dollar > from) segments.push(literal(text.slice(from, dollar)));
    const next = text[dollar + 1];
    if (next === '$') {
      segments.push({ kind: 'text', text: '$', source: '$$' });
      from = dollar + 2;
    } else if (next === '{') {
      const end = closingBrace(text, dollar + 2);
      segments.push(variable(text.slice(dollar, end)));
      from = end;
    } else {
      segments.push(literal('$'));
      from = dollar + 1;
    }
  }
  return segments;
}

/** Names of the variables of a text, those inside defaults included. */
export function variablesOf(text: string): string[] {
  return segmentsOf(text).flatMap((segment) =>
    segment.kind === 'variable' ? [segment.name, ...variablesOf(segment.fallback ?? '')] : [],
  );
}

/** Any text written so that expanding it gives the text back. */
export function escapeLiteral(text: string): string {
  return text.replaceAll(/\$(?=[${])/g, '$$$$');
}

function literal(text: string): Segment {
  return { kind: 'text', text, source: text };
}

function variable(source: string): Segment {
  const match = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(:-([\s\S]*))?\}$/.exec(source);
  const name = match?.[1];
  if (name === undefined) return { kind: 'unreadable', source };
  return { kind: 'variable', name, fallback: match?.[3], source };
}

/** Index behind the brace that closes the one before `from`; the end of the text when none does. */
function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{' && text[at - 1] === '$') depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}
