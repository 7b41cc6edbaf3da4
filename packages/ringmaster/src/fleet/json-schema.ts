import { z } from 'zod';
import { fleetFileSchema } from './schema.ts';

/** A JSON Schema node as far as we read it. `unit` is our own annotation. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly unit?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly [other: string]: unknown;
}

/**
 * The JSON Schema (draft 2020-12) of the fleet file as one writes it, for editors: defaults optional, durations and
 * sizes as number or text, units kept as `unit`.
 */
export function fleetJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(fleetFileSchema, { io: 'input' }) as JsonSchema;
  const { $schema, ...rest } = schema;
  return {
    $schema,
    title: 'Ringmaster fleet file',
    description: 'Servers that Ringmaster supervises and serves at one MCP endpoint',
    ...rest,
  };
}

/** The part of a schema that a path of keys leads to; undefined when it allows no such path. */
export function schemaAt(
  schema: JsonSchema,
  path: readonly (string | number)[],
): JsonSchema | undefined {
  let node: JsonSchema | undefined = schema;
  for (const key of path) {
    if (node === undefined) return undefined;
    node = childOf(node, key);
  }
  return node;
}

/** The keys that this section may have: of the forms it may take, those whose constants it holds. */
export function keysOf(schema: JsonSchema | undefined, section: unknown): readonly string[] {
  const fields = new Map(Object.entries(section ?? {}));
  const keys = formsOf(schema).flatMap(({ properties = {} }) => {
    const isMeant = Object.entries(properties).every(
      ([key, one]) => one.const === undefined || one.const === fields.get(key),
    );
    return isMeant ? Object.keys(properties) : [];
  });
  return [...new Set(keys)].filter((name) => !name.startsWith('$'));
}

/** Paths from `schema` to this key, the shortest there are; `NAME` stands for a name of the user's choice. */
export function placesOf(
  schema: JsonSchema | undefined,
  key: string,
): readonly (readonly string[])[] {
  let level = formsOf(schema).map((node) => ({ path: [] as readonly string[], node }));
  while (level.length > 0) {
    const found = level.filter(({ node }) => Object.hasOwn(node.properties ?? {}, key));
    if (found.length > 0) return found.map(({ path }) => [...path, key]);
    level = level.flatMap(({ path, node }) =>
      sectionsOf(node).map(([name, child]) => ({ path: [...path, name], node: child })),
    );
  }
  return [];
}

function sectionsOf({
  properties = {},
  additionalProperties: other,
}: JsonSchema): readonly (readonly [string, JsonSchema])[] {
  const named = new Map(Object.entries(properties));
  if (typeof other === 'object') named.set('NAME', other);
  return [...named].flatMap(([name, child]) => formsOf(child).map((form) => [name, form] as const));
}

/** A schema itself, or the options that it leaves. */
function formsOf(schema: JsonSchema | undefined): readonly JsonSchema[] {
  if (schema === undefined) return [];
  return schema.anyOf ?? schema.oneOf ?? [schema];
}

function childOf(schema: JsonSchema, key: string | number): JsonSchema | undefined {
  const children = formsOf(schema)
    .map((node) => childOfForm(node, key))
    .filter((child) => child !== undefined);
  const distinct = new Map(children.map((child) => [JSON.stringify(child), child] as const));
  return distinct.size > 1 ? { anyOf: [...distinct.values()] } : children[0];
}

function childOfForm(node: JsonSchema, key: string | number): JsonSchema | undefined {
  if (typeof key === 'number') return node.items;
  if (node.properties !== undefined && Object.hasOwn(node.properties, key)) {
    return node.properties[key];
  }
  return typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined;
}
