import type { ServerResponse } from 'node:http';
import { knowsTasks, tasksUndeclared } from '../../extensions.ts';
import {
  isObject,
  type JsonObject,
  notificationText,
  type RequestId,
  resultText,
} from '../../messages.ts';
import type { Owner } from '../../owner.ts';
import { metaKeys, rpcCodes } from '../../protocol.ts';
import type { View } from '../../view.ts';
import { sendError } from '../http.ts';
import type { Changed } from '../shelf.ts';
import type { Stream, Streams } from '../streams.ts';
import type { Subscriber, Subscriptions } from '../subscriptions.ts';
import type { TaskListener, TaskNews, WantedTask } from '../task-news.ts';
import type { Tasks } from '../tasks.ts';

/** Streams of clients that listen for changes; each costs a socket. */
const listenersMax = 10_000;
/** Tasks one stream tells of; more are left out of the acknowledgement. */
const tasksMax = 100;

/** What listening needs of the gateway. */
export interface ListenerNeeds {
  readonly streams: Streams;
  readonly subscriptions: Subscriptions;
  readonly tasks: Pick<Tasks, 'find'>;
  readonly taskNews: TaskNews;
}

/** Stateless clients that listen: each `subscriptions/listen` is a stream of its own, and every message names it. */
export interface Listeners {
  listen(
    response: ServerResponse,
    of: { readonly view: View; readonly owner: Owner },
    id: RequestId,
    params: JsonObject,
  ): void;
  announce(view: View, changed: readonly Changed[]): void;
  /** Ends the streams, as the protocol wants it. */
  close(): void;
}

interface Listener extends Subscriber {
  readonly id: RequestId;
  readonly wants: ReadonlySet<Changed>;
  readonly stream: Stream;
}

/** Opens streams of changes, at most 10 000 at once. */
export function createListeners(needs: ListenerNeeds): Listeners {
  const { streams, subscriptions, taskNews } = needs;
  const listeners = new Set<Listener>();

  /** Nothing may come before the acknowledgement, so a resource is watched, and refused, before it is said to be. */
  async function subscribe(listener: Listener, uris: readonly string[]): Promise<string[]> {
    const honoured = await Promise.all(
      uris.map(async (uri) => {
        const refusal = await subscriptions.subscribe(listener, uri);
        return refusal === undefined ? [uri] : [];
      }),
    );
    return honoured.flat();
  }

  /** Those of its own, where their servers are; the others are left out of the acknowledgement. */
  function tasksOf(asker: { view: View; owner: Owner }, shownIds: readonly string[]): WantedTask[] {
    return shownIds.flatMap((shownId) => {
      const found = needs.tasks.find(asker, 'tasks/get', { taskId: shownId });
      if ('kind' in found) return [];
      const { server, name: task, instance } = found;
      return [{ shownId, server, task, instance }];
    });
  }

  return {
    listen(response, { view, owner }, id, params) {
      if (listeners.size >= listenersMax) {
        const message = `${listenersMax} clients listen already`;
        sendError(response, 503, id, { code: rpcCodes.internal, message });
        return;
      }
      const asked = isObject(params['notifications']) ? params['notifications'] : {};
      if (asked['taskIds'] !== undefined && !knowsTasks(owner.capabilities)) {
        sendError(response, 400, id, tasksUndeclared.error);
        return;
      }
      const tasks = tasksOf({ view, owner }, textsIn(asked['taskIds'])?.slice(0, tasksMax) ?? []);
      const wants = changedKinds.filter((kind) => asked[`${kind}ListChanged`] === true);
      const uris = textsIn(asked['resourceSubscriptions']);
      let early: string[] | undefined = [];
      const send = (text: string): void => {
        if (early === undefined) stream.send(text);
        else early.push(text);
      };
      const stream = streams.open(response, {}, () => {
        listeners.delete(listener);
        subscriptions.drop(listener);
        taskNews.drop(taskListener);
      });
      const taskListener: TaskListener = {
        owner,
        told: (params) => send(tagged('notifications/tasks', id, params)),
      };
      const listener: Listener = {
        id,
        view,
        owner: () => owner,
        wants: new Set(wants),
        stream: { ...stream, send },
        updated: (changed) => send(tagged('notifications/resources/updated', id, changed)),
      };
      listeners.add(listener);
      if (tasks.length > 0) taskNews.listen(taskListener, tasks);
      const acknowledge = (honoured: readonly string[]): void => {
        const notifications = {
          ...Object.fromEntries(wants.map((kind) => [`${kind}ListChanged`, true])),
          ...(uris === undefined ? {} : { resourceSubscriptions: honoured }),
          ...(tasks.length === 0 ? {} : { taskIds: tasks.map(({ shownId }) => shownId) }),
        };
        stream.send(tagged('notifications/subscriptions/acknowledged', id, { notifications }));
        for (const text of early ?? []) stream.send(text);
        early = undefined;
      };
      if (uris === undefined || uris.length === 0) acknowledge([]);
      else {
        void subscribe(listener, uris).then((honoured) => {
          // A client that left meanwhile has been dropped before it was entered.
          if (listeners.has(listener)) acknowledge(honoured);
          else subscriptions.drop(listener);
        });
      }
    },
    announce(view, changed) {
      for (const { id, view: of, wants, stream } of listeners) {
        if (of.key !== view.key) continue;
        for (const what of changed) {
          if (wants.has(what)) stream.send(tagged(`notifications/${what}/list_changed`, id, {}));
        }
      }
    },
    close() {
      for (const { id, stream } of listeners) {
        const result = { resultType: 'complete', _meta: { [metaKeys.subscriptionId]: id } };
        stream.send(resultText(id, JSON.stringify(result)));
        stream.end();
      }
      listeners.clear();
    },
  };
}

const changedKinds: readonly Changed[] = ['tools', 'resources', 'prompts'];

function tagged(method: string, id: RequestId, params: JsonObject): string {
  const meta = isObject(params['_meta']) ? params['_meta'] : {};
  return notificationText(method, {
    ...params,
    _meta: { ...meta, [metaKeys.subscriptionId]: id },
  });
}

function textsIn(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return [...new Set(value.filter((one) => typeof one === 'string'))];
}
