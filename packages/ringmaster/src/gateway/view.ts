/**
 * What a client looks at, chosen by the endpoint it came to: all servers at `/mcp`, one with its own names at
 * `/servers/NAME/mcp`, or a named part of the fleet at `/views/NAME/mcp`. Two views are the same when their keys are.
 */
export type View =
  | { readonly kind: 'all'; readonly key: 'all' }
  | { readonly kind: 'server'; readonly key: `server ${string}`; readonly server: string }
  | { readonly kind: 'view'; readonly key: `view ${string}`; readonly name: string };

/** All servers. */
export const wholeFleet: View = { kind: 'all', key: 'all' };

/** One server alone. */
export function serverView(server: string): View {
  return { kind: 'server', key: `server ${server}`, server };
}

/** A part of the fleet that the fleet file names below `views`. */
export function namedView(name: string): View {
  return { kind: 'view', key: `view ${name}`, name };
}

/** What is at the path of an MCP endpoint: `sse` and `messages` are the two halves of the 2024-11-05 transport. */
export interface EndpointAt {
  readonly view: View;
  readonly part: 'mcp' | 'sse' | 'messages';
}

/** The endpoint at a path without its query, with or without a slash at its end; undefined when there is none. */
export function endpointAtPath(path: string): EndpointAt | undefined {
  const match = /^(?:\/(servers|views)\/([^/]{1,200}))?\/(mcp|sse|messages)\/?$/.exec(path);
  if (match === null) return undefined;
  const part = match[3] as EndpointAt['part'];
  if (match[1] === undefined) return { view: wholeFleet, part };
  const name = decoded(match[2] ?? '');
  return { view: match[1] === 'servers' ? serverView(name) : namedView(name), part };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A malformed escape names nothing there is; it is told back as it came.
    return text;
  }
}

/** How messages name a view. */
export function whatIs(view: View): string {
  if (view.kind === 'all') return 'endpoint of all servers';
  return view.kind === 'server' ? `MCP server "${view.server}"` : `view "${view.name}"`;
}
