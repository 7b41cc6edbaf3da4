import { isObject, isRequestId, type JsonObject, type RequestId } from './messages.ts';
import { namedView, serverView, type View, wholeFleet } from './view.ts';

/** A session as it is written down, so that it outlives the daemon. */
export interface StoredSession {
  readonly label: string;
  readonly view: View;
  readonly client?: string;
  readonly protocolVersion: string;
  /** ClientCapabilities as declared. */
  readonly capabilities: JsonObject;
  readonly logLevel?: string;
  readonly subscriptions: readonly string[];
  /** Ids of its tasks, the newest last; missing when it was written down by a version that knew none. */
  readonly tasks: readonly string[] | undefined;
  readonly openedAtMs: number;
  readonly usedAtMs: number;
}

/** A stream whose reply was not handed over yet, as it is written down. */
export interface StoredStream {
  /** Key of its session. */
  readonly session: string;
  readonly name: string;
  readonly id: RequestId;
  readonly method: string;
  /** `text` is missing when the reply was written to the client, or is too long to be kept. */
  readonly answered?: { readonly text?: string };
  /** The call, once it was sent to a server. */
  readonly call?: StoredCall;
}

/** A call in flight, as far as a later life of the daemon needs it to hear its reply. */
export interface StoredCall {
  readonly server: string;
  readonly index: number;
  readonly generation: number;
  readonly upstreamId: number;
  readonly name?: string;
  readonly progressToken?: RequestId;
  readonly startedAtMs: number;
  readonly timeoutMs: number;
}

/** A session as it was written down; undefined when it cannot be read. */
export function readSession(value: unknown): StoredSession | undefined {
  if (!isObject(value)) return undefined;
  const view = readView(value['view']);
  const isWhole =
    typeof value['label'] === 'string' &&
    typeof value['protocolVersion'] === 'string' &&
    isObject(value['capabilities']) &&
    Array.isArray(value['subscriptions']) &&
    Number.isFinite(value['openedAtMs']) &&
    Number.isFinite(value['usedAtMs']);
  return isWhole && view !== undefined
    ? ({ ...value, view } as unknown as StoredSession)
    : undefined;
}

/** A stream as it was written down; undefined when it cannot be read. */
export function readStream(value: unknown): StoredStream | undefined {
  const isWhole =
    isObject(value) &&
    typeof value['session'] === 'string' &&
    typeof value['name'] === 'string' &&
    isRequestId(value['id']) &&
    typeof value['method'] === 'string';
  return isWhole ? (value as unknown as StoredStream) : undefined;
}

function readView(value: unknown): View | undefined {
  if (!isObject(value)) return undefined;
  const { kind, server, name } = value;
  if (kind === 'all') return wholeFleet;
  if (kind === 'server' && typeof server === 'string') return serverView(server);
  return kind === 'view' && typeof name === 'string' ? namedView(name) : undefined;
}
