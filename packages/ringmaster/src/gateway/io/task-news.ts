import type { JsonObject } from '../messages.ts';
import type { Owner } from '../owner.ts';
import type { Link } from './instance-link.ts';
import type { Upstreams } from './upstream-table.ts';

/** A stateless client that listens for news of tasks. */
export interface TaskListener {
  readonly owner: Owner;
  /** `params` of `notifications/tasks`, with the id the client knows. */
  told(params: JsonObject): void;
}

/** A task somebody listens for. */
export interface WantedTask {
  /** The id its client knows. */
  readonly shownId: string;
  readonly server: string;
  /** The server's own id. */
  readonly task: string;
  /** The process that has it, where there are several. */
  readonly instance: number | undefined;
}

/** Who listens for news of which task (SEP-2663). */
export interface TaskNews {
  listen(listener: TaskListener, wanted: readonly WantedTask[]): void;
  drop(listener: TaskListener): void;
  /** The tasks of a process that somebody listens for, by its own ids, each with one of the listeners. */
  wantedOf(link: Link): ReadonlyMap<string, Owner>;
  /** A task of a process changed. */
  told(link: Link, task: string, params: JsonObject): void;
}

/** Counts nothing and keeps nothing: what is wanted is what the streams that are open want. */
export function createTaskNews(needs: { readonly upstreams: () => Upstreams }): TaskNews {
  const all = new Map<TaskListener, readonly WantedTask[]>();

  function isOf({ target }: Link, { server, instance }: WantedTask): boolean {
    return server === target.server && (instance === undefined || instance === target.index);
  }

  function tellServers(wanted: readonly WantedTask[]): void {
    for (const link of needs.upstreams().links()) {
      if (link.state === 'open' && wanted.some((one) => isOf(link, one))) link.tasksChanged();
    }
  }

  return {
    listen(listener, wanted) {
      all.set(listener, wanted);
      tellServers(wanted);
    },
    drop(listener) {
      const wanted = all.get(listener) ?? [];
      all.delete(listener);
      tellServers(wanted);
    },
    wantedOf(link) {
      const found = new Map<string, Owner>();
      for (const [{ owner }, wanted] of all)
        for (const one of wanted) if (isOf(link, one)) found.set(one.task, owner);
      return found;
    },
    told(link, task, params) {
      for (const [listener, wanted] of all)
        for (const one of wanted)
          if (one.task === task && isOf(link, one))
            listener.told({ ...params, taskId: one.shownId });
    },
  };
}
