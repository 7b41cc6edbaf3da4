import type { Route } from './routes.ts';

/** A request for an operation: the path below the daemon's root, and its JSON body. */
export interface FilledRoute {
  readonly path: string;
  /** Undefined for GET, which takes everything from path and query. */
  readonly body: string | undefined;
}

/** The path and the body that carry this input; fields of the path are taken out, undefined ones left out. */
export function fillRoute(route: Route, input: Readonly<Record<string, unknown>>): FilledRoute {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest.get(name);
    rest.delete(name);
    return encodeURIComponent(String(value));
  });
  if (route.method === 'POST') {
    return { path: `/api${path}`, body: JSON.stringify(Object.fromEntries(rest)) };
  }
  const fields = [...rest].map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return {
    path: fields.length === 0 ? `/api${path}` : `/api${path}?${fields.join('&')}`,
    body: undefined,
  };
}

function encode(value: unknown): string {
  return encodeURIComponent(String(value));
}
