import { encodeHeaderValue } from './envelope.ts';
import { isObject, type JsonObject } from './messages.ts';

/** An argument a modern HTTP server wants repeated as a header. */
interface Mirrored {
  readonly header: string;
  /** Property names from the arguments down to the value. */
  readonly path: readonly string[];
}

/** Schemas come from servers: how deep and how many of their properties are looked at. */
const depthMax = 16;
const mirroredMax = 64;
/** A header name as HTTP allows it (RFC 9110, token). */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;

const known = new WeakMap<JsonObject, readonly Mirrored[]>();

/** `Mcp-Param-…` headers of a call: those properties its tool's schema marks with `x-mcp-header` (2026-07-28). */
export function paramHeaders(tool: JsonObject, args: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { header, path } of mirroredBy(tool)) {
    let value: unknown = args;
    for (const key of path) value = isObject(value) ? value[key] : undefined;
    if (typeof value === 'string') headers[`mcp-param-${header}`] = encodeHeaderValue(value);
    if (typeof value === 'boolean' || typeof value === 'number') {
      headers[`mcp-param-${header}`] = String(value);
    }
  }
  return headers;
}

function mirroredBy(tool: JsonObject): readonly Mirrored[] {
  const before = known.get(tool);
  if (before !== undefined) return before;
  const found: Mirrored[] = [];
  collect(tool['inputSchema'], [], found);
  known.set(tool, found);
  return found;
}

function collect(schema: unknown, path: readonly string[], found: Mirrored[]): void {
  const properties = isObject(schema) ? schema['properties'] : undefined;
  if (!isObject(properties) || path.length >= depthMax) return;
  for (const [key, property] of Object.entries(properties)) {
    if (!isObject(property) || found.length >= mirroredMax) continue;
    const header = property['x-mcp-header'];
    const at = [...path, key];
    if (typeof header === 'string' && token.test(header)) found.push({ header, path: at });
    else collect(property, at, found);
  }
}
