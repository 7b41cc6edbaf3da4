import { isObject, type JsonObject } from './messages.ts';

/** Reads by their nature; whoever makes them twice changes nothing. */
const readingMethods: ReadonlySet<string> = new Set(['prompts/get', 'resources/read']);

/**
 * Whether a request may be made a second time without harm: it only reads, or its tool says that it does, or that
 * calling it again with the same arguments changes nothing more (2025-03-26, tool annotations). What a tool does not
 * say is taken for the worst.
 */
export function isRepeatable(method: string, tool: JsonObject | undefined): boolean {
  if (readingMethods.has(method)) return true;
  const annotations = method === 'tools/call' ? tool?.['annotations'] : undefined;
  if (!isObject(annotations)) return false;
  return annotations['readOnlyHint'] === true || annotations['idempotentHint'] === true;
}
