import type { JsonObject } from './messages.ts';

/** The server that answers a request, and the request in that server's own names. */
export interface Target {
  readonly server: string;
  readonly params: JsonObject;
  /** Tool or prompt by its own name, or URI. */
  readonly name: string;
  /** The instance that alone can answer, by its index; without it any can. */
  readonly instance?: number;
}
