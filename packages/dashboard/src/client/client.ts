import { fillRoute } from 'ringmaster/fill-route';
import type { AskedOf, OutputOf } from 'ringmaster/operations';
import { type OperationName, routes } from 'ringmaster/routes';

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
      const { path, body: sent } = fillRoute(routes[name], input as Record<string, unknown>);
      const signal = options.signal ?? null;
      // So that the daemon says what went wrong as the page says everything else.
      const headers = { 'accept-language': document.documentElement.lang };
      const answer = await fetching(
        `${origin}${path}`,
        sent === undefined
          ? { headers, signal }
          : {
              method: 'POST',
              headers: {
                ...headers,
                'content-type': 'application/json',
                'idempotency-key': newKey(),
              },
              body: sent,
              signal,
            },
      );
      const body = await answer.json();
      if (!answer.ok) throw new Refused(body);
      return body;
    },
  };
}
