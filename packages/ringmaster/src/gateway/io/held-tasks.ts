import type { Clock } from '../../clock.ts';
import { isObject, type JsonObject, type Reply, refused, writeJson } from '../messages.ts';
import { rpcCodes } from '../protocol.ts';
import { withRelatedTask } from '../tasks.ts';

/** How long a result waits for its session, which asked for a task and may name a shorter time. */
const keepMs = 600_000;
/** Results kept, and the characters of all of them together; the oldest gives way. */
const countMax = 1_000;
const sizeMax = 16_777_216;
/** Marks ids of ours among those of servers; no server's id gets here unsealed. */
const prefix = 'ringmaster:held:';

interface Held {
  readonly task: JsonObject;
  readonly result: JsonObject;
  readonly size: number;
  readonly untilTickMs: number;
}

/** Tasks that were over when they began: a session asked for a task, and the stateless server simply answered. */
export interface HeldTasks {
  isOne(task: string): boolean;
  /** A CreateTaskResult for what was asked for; `wanted` is the TaskMetadata of the call. */
  keep(wanted: unknown, result: JsonObject): JsonObject;
  /** What a session hears that asks about one; undefined when it is not kept any more. */
  answer(method: string, task: string, shownId: string): Reply | undefined;
}

/** Keeps results in memory only: whoever restarts the daemon may ask again. */
export function createHeldTasks(needs: {
  readonly clock: Clock;
  readonly newId: () => string;
}): HeldTasks {
  const { clock } = needs;
  const all = new Map<string, Held>();
  let size = 0;

  function drop(id: string): void {
    size -= all.get(id)?.size ?? 0;
    all.delete(id);
  }

  function makeRoom(): void {
    for (const [id, { untilTickMs }] of all) {
      const isFull = all.size > countMax || size > sizeMax;
      if (isFull || untilTickMs <= clock.tickMs()) drop(id);
    }
  }

  return {
    isOne: (task) => task.startsWith(prefix),
    keep(wanted, result) {
      const asked = isObject(wanted) ? wanted['ttl'] : undefined;
      const ttl = typeof asked === 'number' && asked >= 0 ? Math.min(asked, keepMs) : keepMs;
      const id = `${prefix}${needs.newId()}`;
      const now = new Date(clock.nowMs()).toISOString();
      const status = result['isError'] === true ? 'failed' : 'completed';
      const task = { taskId: id, status, createdAt: now, lastUpdatedAt: now, ttl };
      const held = { task, result, size: writeJson(result)?.length ?? 0 };
      all.set(id, { ...held, untilTickMs: clock.tickMs() + ttl });
      size += held.size;
      makeRoom();
      return { task };
    },
    answer(method, id, taskId) {
      makeRoom();
      const held = all.get(id);
      if (held === undefined) return undefined;
      switch (method) {
        case 'tasks/get':
          return { kind: 'result', result: { ...held.task, taskId } };
        case 'tasks/result':
          return { kind: 'result', result: withRelatedTask(held.result, taskId) };
        default:
          return refused(rpcCodes.invalidParams, 'The task is over and cannot be cancelled');
      }
    },
  };
}
