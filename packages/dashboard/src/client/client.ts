import type { AskedOf, OutputOf } from 'ringmaster/operations';
import { type OperationName, type Route, routes } from 'ringmaster/routes';

/** What the daemon said when it could not do what was asked (RFC 9457, with a code and a hint). */
export class Refused extends Error {
  readonly code: string;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(problem: Readonly<Record<string, unknown>>) {
    super(String(problem['detail'] ?? 'The daemon gave no reason'));
    this.name = 'Refused';
    this.code = String(problem['code'] ?? 'bug');
    this.hint = String(problem['hint'] ?? '');
    this.details = (problem['details'] ?? {}) as Record<string, unknown>;
  }
}

/** Asks the daemon that served this page. */
export interface Client {
  /**
   * Does an operation. Rejects with `Refused` when the daemon says no, with a `TypeError` when nobody answers. An act
   * carries a key of its own, so that a second try after a lost answer changes nothing.
   */
  ask<Name extends OperationName>(
    name: Name,
    input: AskedOf<Name>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<OutputOf<Name>>;
}

/** A client of the daemon at `origin`; `fetching` and `newKey` are parameters for tests. */
export function createClient(
  origin = '',
  fetching: typeof fetch = fetch.bind(globalThis),
  newKey: () => string = () => crypto.randomUUID(),
): Client {
  return {
    async ask(name, input, options = {}) {
      const route: Route = routes[name];
      const { path, rest } = fillPath(route.path, input as Readonly<Record<string, unknown>>);
      const signal = options.signal ?? null;
      const answer =
        route.method === 'GET'
          ? await fetching(`${origin}/api${path}${queryOf(rest)}`, { signal })
          : await fetching(`${origin}/api${path}`, {
              method: 'POST',
              headers: { 'content-type': 'application/json', 'idempotency-key': newKey() },
              body: JSON.stringify(Object.fromEntries(rest)),
              signal,
            });
      const body = await answer.json();
      if (!answer.ok) throw new Refused(body);
      return body;
    },
  };
}

function fillPath(path: string, input: Readonly<Record<string, unknown>>) {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const filled = path.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = String(rest.get(field));
    rest.delete(field);
    return encodeURIComponent(value);
  });
  return { path: filled, rest };
}

function queryOf(rest: ReadonlyMap<string, unknown>): string {
  const query = new URLSearchParams([...rest].map(([name, value]) => [name, String(value)]));
  return rest.size === 0 ? '' : `?${query}`;
}
