import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Identity } from '../bridge.ts';
import type { View } from '../view.ts';
import { createHeldTasks } from './held-tasks.ts';
import type { Session } from './legs/session.ts';
import type { Seal } from './seal.ts';
import { createTaskList, type TaskList } from './task-list.ts';
import { createTaskNews, type TaskNews } from './task-news.ts';
import { createTasks, type Tasks } from './tasks.ts';
import type { Upstreams } from './upstream-table.ts';

/** Everything about tasks that is not one process's own: their ids, who listens for them, and what a session began. */
export function createTasking(needs: {
  readonly clock: Clock;
  readonly identity: Identity;
  readonly seal: Seal;
  readonly upstreams: () => Upstreams;
  readonly shows: (view: View, server: string) => boolean;
  readonly labelled: (label: string) => Session | undefined;
  readonly save: (session: Session) => void;
  /** Calls back once what is known of sessions is on disk. */
  readonly written: (then: () => void) => void;
}): { readonly tasks: Tasks; readonly taskNews: TaskNews; readonly taskList: TaskList } {
  const { clock } = needs;
  // 144 bits, though nobody sees them but sealed.
  const newId = (): string => randomBytes(18).toString('base64url');
  const tasks = createTasks({
    ...{ ...needs, heldTasks: createHeldTasks({ clock, newId }) },
    onBegun(label, shownId, then) {
      const session = needs.labelled(label);
      if (session !== undefined) taskList.begun(session, shownId);
      needs.written(then);
    },
  });
  const taskList = createTaskList({ ...needs, tasks });
  return { tasks, taskList, taskNews: createTaskNews(needs) };
}
