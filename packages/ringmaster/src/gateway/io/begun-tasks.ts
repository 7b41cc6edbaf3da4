import type { JsonObject } from '../messages.ts';
import type { Owner } from '../owner.ts';
import { isOver } from '../tasks.ts';
import type { Call } from './calls.ts';
import type { Tasks } from './tasks.ts';

/** Tasks of sessions remembered by one process of a server. */
const begunMax = 1_000;

/** A task that a session deals with itself. */
export interface BegunTask {
  readonly owner: Owner;
  readonly session: string;
  /** The id its client knows. */
  readonly shownId: string;
}

/** The newest 1 000 tasks of sessions at one process, to tell questions and news to whom they belong. */
export interface BegunTasks {
  /** A call of a session began this task. */
  note(call: Call, task: JsonObject): void;
  /** By the server's own id. */
  get(taskId: string): BegunTask | undefined;
  forget(taskId: string): void;
}

/** Remembers them in memory: after a restart of the daemon a session hears when it asks. */
export function createBegunTasks(tasks: Pick<Tasks, 'idOf'>): BegunTasks {
  const all = new Map<string, BegunTask>();
  return {
    note(call, task) {
      const { owner } = call.caller;
      const { taskId } = task;
      if (typeof taskId !== 'string' || owner.session === undefined || isOver(task)) return;
      all.set(taskId, { owner, session: owner.session, shownId: tasks.idOf(call, taskId) });
      for (const [oldest] of all) {
        if (all.size <= begunMax) break;
        all.delete(oldest);
      }
    },
    get: (taskId) => all.get(taskId),
    forget: (taskId) => void all.delete(taskId),
  };
}
