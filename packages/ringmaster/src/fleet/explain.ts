import type { z } from 'zod';
import { looksSecret } from './clients/secrets.ts';
import { type JsonSchema, keysOf, placesOf, schemaAt } from './json-schema.ts';
import { neededText } from './needed.ts';
import { type FleetProblem, pathText } from './problem.ts';
import { suggest } from './suggest.ts';

type Path = readonly (string | number)[];

/** What was checked, and the JSON Schema of what it was checked against. */
interface Checked {
  readonly value: unknown;
  readonly schema: JsonSchema;
}

/** Turns what zod found into problems for people: what was found, what is needed, the nearest known key. */
export function explainIssues(
  issues: readonly z.core.$ZodIssue[],
  checked: Checked,
): FleetProblem[] {
  return issues.flatMap((issue) => explain(issue, checked, []));
}

function explain(issue: z.core.$ZodIssue, checked: Checked, base: Path): FleetProblem[] {
  const { schema } = checked;
  const path = [...base, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(path, key, checked));
  }
  if (issue.code === 'invalid_key') return [unfitName(path, issue, schema)];
  if (issue.code === 'invalid_union') {
    const meant = meantOption(issue.errors);
    if (meant !== undefined) return meant.flatMap((inner) => explain(inner, checked, path));
  }
  // Checks that say themselves what they need say it better than the shape of the value could.
  const saysNeeded = issue.message.startsWith('needed ');
  const needed = saysNeeded ? issue.message : `needed ${neededText(schemaAt(schema, path))}`;
  const found = foundText(path, valueAt(checked.value, path), isOfSize(issue));
  const message =
    issue.code === 'custom' && !saysNeeded ? issue.message : `found ${found}, ${needed}`;
  return [{ path, at: 'value', message }];
}

/** The one option of a union whose faults lie deeper: the value is of its kind. */
function meantOption(
  options: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  const alike = options.filter((issues) =>
    issues.every(({ code, path }) => code === 'unrecognized_keys' || path.length > 0),
  );
  return alike.length === 1 ? alike[0] : undefined;
}

/** A key that the schema does not have at `path`: the nearest it has there, or where it has this one. */
function unknownKey(path: Path, key: string, { schema, value }: Checked): FleetProblem {
  const known = keysOf(schemaAt(schema, path), valueAt(value, path));
  const near = suggest(key, known);
  const hint = near === undefined ? placeHint(path, key, schema) : `; did you mean "${near}"?`;
  const needed = known.length === 0 ? 'none' : `one of ${known.join(', ')}`;
  return { path: [...path, key], at: 'key', message: `unknown key, needed ${needed}${hint}` };
}

/** Of more places than that none is likely to be meant. */
const placesMax = 2;

/** Where the key belongs: nearest in the file, as `cpuPercent` of a server to the resources of that server. */
function placeHint(path: Path, key: string, schema: JsonSchema): string {
  for (let length = path.length; length >= 0; length -= 1) {
    const near = path.slice(0, length);
    const places = placesOf(schemaAt(schema, near), key);
    if (places.length > placesMax) return '';
    const texts = places.map((place) => pathText([...near, ...place]));
    // Another kind of the same section has it.
    if (texts.includes(pathText([...path, key]))) return '';
    if (texts.length > 0) return `; write it as ${texts.join(' or ')}`;
  }
  return '';
}

function unfitName(
  path: Path,
  { issues: [first] }: z.core.$ZodIssueInvalidKey,
  schema: JsonSchema,
): FleetProblem {
  const name = JSON.stringify(String(path.at(-1)).slice(0, 60));
  const names = schemaAt(schema, path.slice(0, -1))?.propertyNames;
  const needed = first?.message.startsWith('needed ')
    ? first.message
    : `needed ${neededText(names)}`;
  return { path, at: 'key', message: `found the name ${name}, ${needed}` };
}

/** Whether it is the size of a text or a list that does not fit. */
function isOfSize(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'too_big' || issue.code === 'too_small';
}

/** Fields whose values may be secret: of these only the type is told. */
const secretFields: ReadonlySet<string | number> = new Set([
  ...['env', 'headers', 'args', 'url', 'exec', 'http', 'command', 'imported', 'secret'],
  ...['clientSecret', 'arguments', 'entry', 'patch', 'text', 'content'],
]);

/** Of these, addresses, it is told where they lead. */
const addressFields: ReadonlySet<string | number | undefined> = new Set(['url', 'http']);

/** What stands there, in words; the length of a text or list only where it is `isOfSize` that is wrong. */
export function foundText(path: Path, value: unknown, isOfSize = false): string {
  if (value === undefined || value === null) return 'nothing';
  if (value === '') return '""';
  if (Array.isArray(value)) return isOfSize ? `a list of ${value.length}` : 'a list';
  if (typeof value === 'object') return 'a section';
  if (typeof value === 'string' && isOfSize) {
    return `text of ${value.length} characters`;
  }
  if (typeof value === 'string' && addressFields.has(path.at(-1))) return foundAddress(value);
  const isHidden = path.some((key) => secretFields.has(key));
  if (isHidden) return typeof value === 'string' ? 'text' : `a ${typeof value}`;
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  return String(value);
}

/** The value that a path leads to; own keys only. */
function valueAt(value: unknown, path: Path): unknown {
  let node = value;
  for (const key of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
    node = Reflect.get(node, key);
  }
  return node;
}

/** An address as far as its host: who signs in, and what comes after, may be secret. */
function foundAddress(text: string): string {
  const [, scheme = '', authority = '', rest = ''] =
    /^([a-z][\w+.-]*(?::\/*|\/\/)|\/*)([^/?#\s]*)([\s\S]?)/i.exec(text) ?? [];
  if (looksSecret('', authority)) return 'text';
  const host = authority.replace(/^.*@/, '…@');
  return JSON.stringify(`${scheme}${host}`.slice(0, 60) + (rest === '' ? '' : `${rest}…`));
}
