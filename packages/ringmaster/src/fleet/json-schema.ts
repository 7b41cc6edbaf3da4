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
  readonly minLength?: number;
  readonly pattern?: string;
  readonly unit?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
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

function childOf(node: JsonSchema, key: string | number): JsonSchema | undefined {
  if (typeof key === 'number') {
    return node.items ?? node.anyOf?.find((option) => option.items !== undefined)?.items;
  }
  if (node.properties !== undefined && Object.hasOwn(node.properties, key)) {
    return node.properties[key];
  }
  return typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined;
}
