import type { Cancel, Clock } from '../../clock.ts';
import { envelope, type Identity } from '../bridge.ts';
import { tasksExtension } from '../extensions.ts';
import { isObject, type JsonObject, type RpcError } from '../messages.ts';
import { metaKeys } from '../protocol.ts';
import type { Conversation } from './conversation.ts';
import { RefusedByServer } from './own-request.ts';
import { tellsOfNone, tellsOfResources, type Watch } from './watch.ts';

/** Resources that come and go together are asked for at once. */
const reopenDelayMs = 5;
/** A server that does not acknowledge is taken to have agreed. */
const acknowledgeMs = 3_000;
/** Pause before a stream that ended is asked for again; doubles while it keeps ending. */
const againMs = 1_000;
const againMaxMs = 60_000;
/** Longest a subscription waits for its reply: the largest delay a timer can hold. */
const foreverMs = 2_147_483_647;

interface Stream {
  readonly id: number;
  readonly uris: ReadonlySet<string>;
  readonly taskIds: readonly string[];
}

/**
 * Listens to a stateless server: one `subscriptions/listen` for everything anybody wants of it (2026-07-28). When that
 * changes, a new one is opened, and the old one taken back once the new one is acknowledged, so that nothing is missed
 * and, as every message names its stream, nothing is heard twice.
 */
export function createListening(needs: {
  readonly conversation: Conversation;
  readonly clock: Clock;
  readonly identity: Identity;
  /** Tasks to be told of, by the server's own ids. */
  readonly tasks: () => readonly string[];
  /** The server tells of these tasks from now on; what became of them before is to be asked. */
  readonly onTasks: (taskIds: readonly string[]) => void;
  /** For some time nothing was heard: whatever changed meanwhile nobody told. */
  readonly onGap: () => void;
}): Watch {
  const { conversation, clock } = needs;
  const wanted = new Set<string>();
  const waiters = new Map<string, (refusal: RpcError | undefined) => void>();
  const promises = new Map<string, Promise<RpcError | undefined>>();
  let current: Stream | undefined;
  let newest: Stream | undefined;
  let pauseMs = againMs;
  let isGap = false;
  let isClosed = false;
  let isRefused = false;
  let cancelReopen: Cancel | undefined;

  function reopenSoon(afterMs: number): void {
    if (isClosed || isRefused) return;
    cancelReopen?.();
    cancelReopen = clock.after(afterMs, reopen);
  }

  function reopen(): void {
    cancelReopen = undefined;
    const negotiated = conversation.negotiated;
    if (isClosed || negotiated === undefined) return;
    const uris = new Set(wanted);
    const taskIds = needs.tasks();
    const notifications: JsonObject = {
      ...changesOffered(negotiated.result),
      ...(uris.size === 0 ? {} : { resourceSubscriptions: [...uris] }),
      ...(taskIds.length === 0 ? {} : { taskIds }),
    };
    if (newest !== undefined && newest !== current) conversation.forget(newest.id);
    if (Object.keys(notifications).length === 0) {
      if (current !== undefined) conversation.forget(current.id);
      current = undefined;
      newest = undefined;
      return;
    }
    const params = {
      notifications,
      _meta: envelope(
        ...([negotiated.protocolVersion, needs.identity] as const),
        taskIds.length === 0 ? {} : { extensions: { [tasksExtension]: {} } },
      ),
    };
    const asked = conversation.ask('subscriptions/listen', params, foreverMs, (id) => {
      newest = { id, uris, taskIds };
    });
    const stream = newest;
    asked.then(
      () => ended(stream, undefined),
      (error: unknown) => ended(stream, error),
    );
    clock.after(acknowledgeMs, () => {
      if (stream !== undefined && stream === newest && stream !== current) {
        acknowledged(stream, stream.uris);
      }
    });
  }

  function acknowledged(stream: Stream, honoured: ReadonlySet<string>): void {
    const before = current;
    current = stream;
    pauseMs = againMs;
    if (before !== undefined) conversation.forget(before.id);
    for (const uri of stream.uris) settle(uri, honoured.has(uri) ? undefined : tellsOfNone);
    const newTasks = stream.taskIds.filter((id) => before?.taskIds.includes(id) !== true);
    if (newTasks.length > 0) needs.onTasks(newTasks);
    if (isGap) needs.onGap();
    isGap = false;
  }

  function settle(uri: string, refusal: RpcError | undefined): void {
    waiters.get(uri)?.(refusal);
    waiters.delete(uri);
    if (refusal === undefined) return;
    promises.delete(uri);
    wanted.delete(uri);
  }

  function ended(stream: Stream | undefined, error: unknown): void {
    if (stream === undefined || isClosed || (stream !== newest && stream !== current)) return;
    if (error instanceof RefusedByServer) {
      for (const uri of stream.uris) if (waiters.has(uri)) settle(uri, error.error);
      // A server that knows no such method is asked once; one that minds what was asked for keeps the stream before.
      isRefused = current === undefined && wanted.size === 0;
      newest = current;
      return;
    }
    newest = undefined;
    current = undefined;
    isGap = true;
    reopenSoon(pauseMs);
    pauseMs = Math.min(pauseMs * 2, againMaxMs);
  }

  return {
    open(uris) {
      for (const uri of uris) wanted.add(uri);
      isGap = wanted.size > 0;
      reopen();
    },
    watch(uri) {
      if (isRefused || !tellsOfResources(conversation.negotiated?.result ?? {})) {
        return Promise.resolve(tellsOfNone);
      }
      const known = promises.get(uri);
      if (known !== undefined) return known;
      wanted.add(uri);
      const asked = new Promise<RpcError | undefined>((resolve) => waiters.set(uri, resolve));
      promises.set(uri, asked);
      reopenSoon(reopenDelayMs);
      return asked;
    },
    unwatch(uri) {
      if (!wanted.delete(uri)) return;
      settle(uri, undefined);
      promises.delete(uri);
      reopenSoon(reopenDelayMs);
    },
    tasksChanged: () => reopenSoon(reopenDelayMs),
    takes(method, params) {
      const meta = isObject(params['_meta']) ? params['_meta'] : {};
      const tag = meta[metaKeys.subscriptionId];
      if (method === 'notifications/subscriptions/acknowledged') {
        if (
          newest !== undefined &&
          newest !== current &&
          (tag === undefined || tag === newest.id)
        ) {
          acknowledged(newest, honouredIn(params, newest));
        }
        return true;
      }
      if (method === 'notifications/cancelled') {
        const stream = [newest, current].find((one) => one?.id === params['requestId']);
        if (stream !== undefined) conversation.forget(stream.id);
        return true;
      }
      return tag !== undefined && tag !== current?.id;
    },
    close() {
      isClosed = true;
      cancelReopen?.();
      for (const uri of [...waiters.keys()]) settle(uri, undefined);
    },
  };
}

/** Of the resources asked for, those the server agreed to. */
function honouredIn(params: JsonObject, stream: Stream): ReadonlySet<string> {
  const notifications = isObject(params['notifications']) ? params['notifications'] : {};
  const listed = notifications['resourceSubscriptions'];
  const uris = Array.isArray(listed) ? listed : [];
  return new Set([...stream.uris].filter((uri) => uris.includes(uri)));
}

function changesOffered(result: JsonObject): Record<string, true> {
  const capabilities = isObject(result['capabilities']) ? result['capabilities'] : {};
  const offered: Record<string, true> = {};
  for (const kind of ['tools', 'resources', 'prompts']) {
    const capability = capabilities[kind];
    if (isObject(capability) && capability['listChanged'] === true) {
      offered[`${kind}ListChanged`] = true;
    }
  }
  return offered;
}
