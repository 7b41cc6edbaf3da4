import { envelope, type Identity } from '../bridge.ts';
import { tasksExtension } from '../extensions.ts';
import { isObject, type JsonObject, type Reply, refused } from '../messages.ts';
import { rpcCodes } from '../protocol.ts';
import { taskForSession } from '../tasks.ts';
import type { Link } from './instance-link.ts';
import type { Session } from './legs/session.ts';
import { RefusedByServer } from './own-request.ts';
import type { Tasks } from './tasks.ts';
import type { Upstreams } from './upstream-table.ts';

/** Tasks remembered of one session; the oldest gives way, and is still good by its id. */
const perSessionMax = 200;
/** Tasks in one page; each costs its server a question. */
const pageSize = 50;
/** Longest wait for a server's word about one task. */
const getTimeoutMs = 5_000;

/** The tasks of a session, which may ask for their list (2025-11-25); servers would list those of other clients too. */
export interface TaskList {
  /** A session was told of a task of its own. */
  begun(session: Session, shownId: string): void;
  /** One page of ListTasksResult, newest first; tasks no server knows any more are forgotten. */
  page(session: Session, cursor: unknown): Promise<Reply>;
}

/** Lists by the ids a session was given, asking each server how its own tasks stand. */
export function createTaskList(needs: {
  readonly tasks: Pick<Tasks, 'find'>;
  readonly upstreams: () => Upstreams;
  readonly identity: Identity;
  /** Writes a session down anew. */
  readonly save: (session: Session) => void;
}): TaskList {
  function linkTo(server: string, instance: number | undefined): Link | undefined {
    const links = needs.upstreams().get(server)?.links;
    if (instance !== undefined) return links?.get(instance);
    return [...(links?.values() ?? [])].find(({ state }) => state === 'open');
  }

  /** How a task stands; undefined while nobody can say, and `gone` when it is no task any more. */
  async function standOf(
    { owner, view }: Session,
    taskId: string,
  ): Promise<JsonObject | 'gone' | undefined> {
    const found = needs.tasks.find({ owner, view }, 'tasks/get', { taskId });
    if ('kind' in found) return found.kind === 'result' ? found.result : 'gone';
    const link = linkTo(found.server, found.instance);
    const negotiated = link?.conversation.negotiated;
    if (link === undefined || negotiated === undefined) return undefined;
    const declared = { extensions: { [tasksExtension]: {} } };
    const _meta = envelope(negotiated.protocolVersion, needs.identity, declared);
    const isModern = negotiated.era === 'modern';
    const params = { taskId: found.name, ...(isModern ? { _meta } : {}) };
    try {
      const task = await link.conversation.ask('tasks/get', params, getTimeoutMs);
      return { ...(isModern ? taskForSession(task) : task), taskId };
    } catch (error) {
      return error instanceof RefusedByServer ? 'gone' : undefined;
    }
  }

  return {
    begun(session, shownId) {
      if (session.tasks.has(shownId)) return;
      session.tasks.add(shownId);
      for (const oldest of session.tasks) {
        if (session.tasks.size <= perSessionMax) break;
        session.tasks.delete(oldest);
      }
      needs.save(session);
    },
    async page(session, cursor) {
      const ids = [...session.tasks].reverse();
      // The cursor is the last task of the page before: nobody else could use it.
      const from = cursor === undefined ? 0 : ids.indexOf(String(cursor)) + 1;
      if (cursor !== undefined && from === 0)
        return refused(rpcCodes.invalidParams, 'The cursor is not one of this list as it is now');
      const page = ids.slice(from, from + pageSize);
      const stands = await Promise.all(page.map((id) => standOf(session, id)));
      const last = page.at(-1);
      const hasMore = ids.length > from + pageSize && last !== undefined;
      const gone = page.filter((id, at) => stands[at] === 'gone' && !(hasMore && id === last));
      for (const id of gone) session.tasks.delete(id);
      if (gone.length > 0) needs.save(session);
      const tasks = stands.filter(isObject);
      return { kind: 'result', result: { tasks, ...(hasMore ? { nextCursor: last } : {}) } };
    },
  };
}
