import type { z } from 'zod';
import { fleetJsonSchema, type JsonSchema, schemaAt } from './json-schema.ts';
import type { FleetProblem } from './problem.ts';
import { serverNamePattern } from './schema.ts';
import { exposedNamePattern, neededInExposedName } from './schema-names.ts';
import { suggest } from './suggest.ts';

type Path = readonly (string | number)[];

/** Turns what zod found into problems for people: what was found, what is needed, the nearest known key. */
export function explainIssues(issues: readonly z.core.$ZodIssue[], value: unknown): FleetProblem[] {
  const schema = fleetJsonSchema();
  return issues.flatMap((issue): FleetProblem[] => {
    const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey(path, key, schemaAt(schema, path)));
    }
    // Checks that say themselves what they need say it better than the shape of the value could.
    const needed = issue.message.startsWith('needed ')
      ? issue.message
      : `needed ${neededText(schemaAt(schema, path))}`;
    const message =
      issue.code === 'custom'
        ? issue.message
        : `found ${foundText(path, valueAt(value, path))}, ${needed}`;
    return [{ path, at: 'value', message }];
  });
}

/** A key that the schema does not have; `parent` is the schema of what it stands in. */
export function unknownKey(path: Path, key: string, parent: JsonSchema | undefined): FleetProblem {
  const known = Object.keys(parent?.properties ?? {}).filter((name) => !name.startsWith('$'));
  const near = suggest(key, known);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  const message = `unknown key, needed one of ${known.join(', ')}${hint}`;
  return { path: [...path, key], at: 'key', message };
}

/** What the schema wants, in words. */
function neededText(schema: JsonSchema | undefined): string {
  if (schema === undefined) return 'something else';
  if (schema.anyOf !== undefined) return schema.anyOf.map(neededText).join(', or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return choice(schema.enum.map((value) => JSON.stringify(value)));
  if (schema.unit === 'ms' && typeof schema.type !== 'string') {
    return 'a duration such as 30s, 5m or 1500 (milliseconds)';
  }
  if (schema.unit === 'bytes' && typeof schema.type !== 'string') {
    return 'a size such as 100MB or 4096 (bytes)';
  }
  if (typeof schema.type !== 'string') return 'text';
  switch (schema.type) {
    case 'object':
      return schema.properties === undefined
        ? 'a section of names and values'
        : `a section with ${Object.keys(schema.properties).slice(0, 3).join(', ')}, …`;
    case 'array':
      return schema.minItems === undefined ? 'a list' : `a list of at least ${schema.minItems}`;
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${rangeText(schema)}`;
    case 'number':
      return `a number${rangeText(schema)}`;
    default:
      if (schema.pattern === exposedNamePattern.source) return neededInExposedName;
      if (schema.pattern === serverNamePattern.source) {
        return '1 to 48 letters, digits, "_", "." or "-", beginning with a letter or digit';
      }
      return schema.minLength === undefined ? 'text' : 'text that is not empty';
  }
}

function rangeText({ minimum, maximum, unit }: JsonSchema): string {
  const range = minimum === undefined ? '' : ` from ${minimum} to ${maximum ?? 'any'}`;
  return unit === undefined ? range : `${range} (${unit})`;
}

function choice(words: readonly string[]): string {
  const last = words[words.length - 1] ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** Fields whose values may be secret: of these only the type is told. */
const secretFields: ReadonlySet<string | number> = new Set([
  'env',
  'headers',
  'args',
  'url',
  'exec',
  'http',
  'command',
  'imported',
]);

function foundText(path: Path, value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a section';
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
