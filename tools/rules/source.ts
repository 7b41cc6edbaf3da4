/** A file as the rules see it: its path from the project folder, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** What a rule found. `seen` counts what it judged, so that a rule that went blind is noticed. */
export interface Verdict {
  readonly seen: number;
  readonly faults: readonly string[];
}

export type Rule = (sources: readonly Source[]) => Verdict;

export interface Import {
  /** As written: `zod`, `node:fs`, `../errors.ts`. */
  readonly target: string;
  readonly how: 'static' | 'dynamic';
}

/** Everything a module imports or re-exports, types included. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  const text = blankComments(source.text);
  for (const match of text.matchAll(/^\s*(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]/gm))
    found.push({ target: match[1] ?? '', how: 'static' });
  for (const match of text.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm))
    found.push({ target: match[1] ?? '', how: 'static' });
  for (const match of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g))
    found.push({ target: match[1] ?? '', how: 'dynamic' });
  return found;
}

/** The path an import of this file leads to; undefined for packages and Node's own modules. */
export function resolveImport(source: Source, target: string): string | undefined {
  if (!target.startsWith('.')) return undefined;
  const parts = source.path.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

const tokens =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<=[(,=:[!&|?{;+\n]\s*|return )\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//g;

/** The text with comments replaced by spaces; lines stay where they are. */
export function blankComments(text: string): string {
  return text.replace(tokens, (token) =>
    token.startsWith('/*') || token.startsWith('//') ? blank(token) : token,
  );
}

/** The text with comments, strings, templates and regular expressions replaced by spaces. */
export function blankStrings(text: string): string {
  return text.replace(tokens, blank);
}

function blank(token: string): string {
  return token.replace(/[^\n]/g, ' ');
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.includes('/testing/');
}

export function isTypeScript(path: string): boolean {
  return /\.tsx?$/.test(path);
}

/** Number of the line that holds this offset, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
