/**
 * Loaded before the official conformance suite: its bundle imports `globSync` from `fs`, which Node 20 does not have.
 * Only its report on its own sources calls it, so an empty list is all it needs.
 */
import fs from 'node:fs';
import { register } from 'node:module';

const stand = `
export * from 'node:fs';
export { default } from 'node:fs';
export function globSync() { return []; }`;
const hooks = `
const stand = ${JSON.stringify(`data:text/javascript,${encodeURIComponent(stand)}`)};
export function resolve(name, context, next) {
  const isSuite = context.parentURL?.includes('/@modelcontextprotocol/conformance/');
  return name === 'fs' && isSuite ? { url: stand, shortCircuit: true } : next(name, context);
}`;

if (!('globSync' in fs)) register(`data:text/javascript,${encodeURIComponent(hooks)}`);
