import { fleetJsonSchema, type JsonSchema, schemaAt } from './json-schema.ts';

/**
 * A fleet file in which sections and lists that are written but empty (`servers:` with nothing below) count as left out.
 * Only where the schema wants a section or list; any other empty value stays and is explained as a fault.
 */
export function dropEmptySections(file: unknown): unknown {
  // To build the schema costs as much as to check a file, and few files need it.
  return hasEmpty(file) ? withoutEmpty(file, fleetJsonSchema()) : file;
}

function hasEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === null;
  return Object.values(value).some(hasEmpty);
}

function withoutEmpty(value: unknown, schema: JsonSchema): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kept: [string, unknown][] = [];
  for (const [key, own] of Object.entries(value)) {
    const child = schemaAt(schema, [key]);
    const isSection = child?.type === 'object' || child?.type === 'array';
    const isNamed = schema.properties !== undefined && Object.hasOwn(schema.properties, key);
    if (own === null && isSection && isNamed) continue;
    kept.push([key, child === undefined ? own : withoutEmpty(own, child)]);
  }
  return Object.fromEntries(kept);
}

/** Paths of keys named `__proto__`, which data never needs and attacks do; at most 10. */
export function unsafeKeys(value: unknown): string[][] {
  const found: string[][] = [];
  const queue: { readonly value: unknown; readonly path: string[] }[] = [{ value, path: [] }];
  for (let next = queue.pop(); next !== undefined && found.length < 10; next = queue.pop()) {
    if (typeof next.value !== 'object' || next.value === null || next.path.length > 20) continue;
    for (const [key, own] of Object.entries(next.value)) {
      const path = [...next.path, key];
      if (key === '__proto__') found.push(path);
      queue.push({ value: own, path });
    }
  }
  return found;
}
