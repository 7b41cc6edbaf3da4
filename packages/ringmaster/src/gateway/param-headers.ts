import { decodeHeaderValue, encodeHeaderValue } from './envelope.ts';
import { exactTextAt } from './exact-numbers.ts';
import { isObject, type JsonObject } from './messages.ts';

/** An argument that is repeated as a header. */
interface Mirrored {
  /** As the schema writes it; HTTP compares it without case. */
  readonly header: string;
  /** Property names from the arguments down to the value. */
  readonly path: readonly string[];
}

/** What a tool's schema says of headers: which arguments are repeated, or the rule it breaks. */
type Marks =
  | { readonly kind: 'marks'; readonly mirrored: readonly Mirrored[] }
  | { readonly kind: 'broken'; readonly why: string };

/** Schemas come from servers: how deep and how many of their properties are looked at. */
const depthMax = 16;
const mirroredMax = 64;
/** A header name as HTTP allows it (RFC 9110, token). */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
const annotation = 'x-mcp-header';
/** `number` is not allowed by the text of 2026-07-28, but what servers in the field mean by it is clear. */
const primitives: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean', 'number']);

const known = new WeakMap<JsonObject, Marks>();

/** `Mcp-Param-…` headers of a call: those properties its tool's schema marks with `x-mcp-header` (2026-07-28). */
export function paramHeaders(tool: JsonObject, args: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { header, path } of mirroredBy(tool)) {
    const value = valueAt(args, path);
    if (value === undefined) continue;
    // The body keeps every digit, and the header must say the same.
    headers[`mcp-param-${header}`] = encodeHeaderValue(textOf(value, args, path));
  }
  return headers;
}

/**
 * What is wrong with the `Mcp-Param-…` headers of a call, which must repeat the marked arguments and nothing else;
 * undefined when nothing is. `header` gives a header by its name in lower case.
 */
export function paramHeaderFault(
  tool: JsonObject,
  args: unknown,
  header: (name: string) => string | undefined,
): string | undefined {
  for (const { header: name, path } of mirroredBy(tool)) {
    const found = header(`mcp-param-${name.toLowerCase()}`);
    const value = valueAt(args, path);
    if (value === undefined && found === undefined) continue;
    const shown = `Mcp-Param-${name}`;
    if (found === undefined) return `The ${shown} header is missing`;
    if (value === undefined) return `The ${shown} header repeats an argument that is not there`;
    const decoded = decodeHeaderValue(found);
    if (decoded === undefined) return `The ${shown} header is malformed`;
    if (!isSame(decoded, value, textOf(value, args, path)))
      return `The ${shown} header differs from the body`;
  }
  return undefined;
}

/** Why HTTP clients must not show a tool: its schema breaks a rule of `x-mcp-header`. Undefined when it breaks none. */
export function markFault(tool: JsonObject): string | undefined {
  const marks = marksOf(tool);
  return marks.kind === 'broken' ? marks.why : undefined;
}

/**
 * Numbers are compared by value: `42.0` repeats 42 (2026-07-28, server validation). They are decimal as in JSON, and
 * whole ones have every digit, as whoever routes by the header may read both.
 */
function isSame(decoded: string, value: string | number | boolean, text: string): boolean {
  if (typeof value !== 'number') return decoded === text;
  if (!decimal.test(decoded)) return false;
  const [left, right] = [whole.exec(decoded)?.[1], whole.exec(text)?.[1]];
  if (left === undefined || right === undefined) return Number(decoded) === value;
  return BigInt(left) === BigInt(right);
}

const decimal = /^-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/;
const whole = /^(-?\d{1,400})(?:\.0*)?$/;

/** A value as it stands in the body. */
function textOf(value: string | number | boolean, args: unknown, path: readonly string[]): string {
  const exact = typeof value === 'number' ? exactTextAt(args, path) : undefined;
  return exact ?? String(value);
}

/** Null and what is no primitive count as absent: those have no header. */
function valueAt(args: unknown, path: readonly string[]): string | number | boolean | undefined {
  let value: unknown = args;
  for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  return typeof value === 'boolean' ? value : undefined;
}

function mirroredBy(tool: JsonObject): readonly Mirrored[] {
  const marks = marksOf(tool);
  return marks.kind === 'marks' ? marks.mirrored : [];
}

function marksOf(tool: JsonObject): Marks {
  const before = known.get(tool);
  if (before !== undefined) return before;
  const marks = readMarks(tool['inputSchema']);
  known.set(tool, marks);
  return marks;
}

function readMarks(schema: unknown): Marks {
  const mirrored: Mirrored[] = [];
  const why = collect(schema, [], mirrored) ?? fault(schema, mirrored);
  return why === undefined ? { kind: 'marks', mirrored } : { kind: 'broken', why };
}

/** Follows `properties`, the only keyword through which a marked value can be found for certain. */
function collect(
  schema: unknown,
  path: readonly string[],
  mirrored: Mirrored[],
): string | undefined {
  const properties = isObject(schema) ? schema['properties'] : undefined;
  if (!isObject(properties) || path.length >= depthMax) return undefined;
  for (const [key, property] of Object.entries(properties)) {
    if (!isObject(property)) continue;
    const at = [...path, key];
    if (annotation in property) {
      const why = markFaultOf(property, at);
      if (why !== undefined) return why;
      mirrored.push({ header: String(property[annotation]), path: at });
      if (mirrored.length > mirroredMax) return `more than ${mirroredMax} arguments are marked`;
    }
    const why = collect(property, at, mirrored);
    if (why !== undefined) return why;
  }
  return undefined;
}

function markFaultOf(property: JsonObject, path: readonly string[]): string | undefined {
  const name = property[annotation];
  const where = path.join('.').slice(0, 100);
  if (typeof name !== 'string' || !token.test(name)) {
    return `${annotation} of "${where}" is no header name`;
  }
  const types = Array.isArray(property['type']) ? property['type'] : [property['type']];
  const isPrimitive =
    types.some((type) => primitives.has(type)) &&
    types.every((type) => type === 'null' || primitives.has(type));
  return isPrimitive
    ? undefined
    : `${annotation} marks "${where}", which is neither text, integer nor boolean`;
}

/** Rules about all marks together: no two of one name, and none where a value cannot be found for certain. */
function fault(schema: unknown, mirrored: readonly Mirrored[]): string | undefined {
  const names = new Set(mirrored.map(({ header }) => header.toLowerCase()));
  if (names.size < mirrored.length) return `two arguments are marked with one ${annotation}`;
  const marks = countMarks(schema, 0);
  return marks > mirrored.length
    ? `${annotation} stands where no chain of properties leads`
    : undefined;
}

/** Marks anywhere in a schema; keywords that hold values instead of schemas are left out. */
function countMarks(schema: unknown, depth: number): number {
  if (typeof schema !== 'object' || schema === null || depth > depthMax * 2) return 0;
  if (Array.isArray(schema)) {
    return schema.reduce((count: number, one) => count + countMarks(one, depth + 1), 0);
  }
  let count = typeof (schema as JsonObject)[annotation] === 'string' ? 1 : 0;
  for (const [key, value] of Object.entries(schema)) {
    if (!valueKeywords.has(key)) count += countMarks(value, depth + 1);
  }
  return count;
}

const valueKeywords: ReadonlySet<string> = new Set(['const', 'default', 'enum', 'examples']);
