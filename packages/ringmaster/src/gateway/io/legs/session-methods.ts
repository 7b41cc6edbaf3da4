import { hears, isLogLevel, logLevels } from '../../log-levels.ts';
import { emptyResult, type JsonObject, notificationText, refused } from '../../messages.ts';
import { rpcCodes } from '../../protocol.ts';
import { sessionKnowsTasks } from '../../tasks.ts';
import type { Logging } from '../logging.ts';
import type { Responder } from '../responder.ts';
import type { Subscriber, Subscriptions } from '../subscriptions.ts';
import type { TaskList } from '../task-list.ts';
import type { Session } from './session.ts';

/** What a session remembers between requests: which log messages and resources its client wants to be told of. */
export interface SessionMethods {
  /** True when the method is one of these; it is answered then. */
  answers(session: Session, method: string, params: JsonObject, to: Responder): boolean;
  /** Tells a session, by its label, of a log message that belongs to no call. */
  log(session: string, params: JsonObject): void;
  /** The session is one of an earlier life of the daemon, with what it asked for then. */
  restored(session: Session): void;
  /** The session is over, and what it asked for with it. */
  ended(session: Session): void;
}

/** Answers the methods that change a session instead of calling a server. */
export function createSessionMethods(needs: {
  readonly subscriptions: Subscriptions;
  readonly logging: Logging;
  readonly tasks: Pick<TaskList, 'page'>;
  readonly labelled: (label: string) => Session | undefined;
  /** Writes a session down anew. */
  readonly save: (session: Session) => void;
}): SessionMethods {
  const { subscriptions } = needs;
  const subscribers = new WeakMap<Session, Subscriber>();

  function subscriberOf(session: Session): Subscriber {
    const known = subscribers.get(session);
    if (known !== undefined) return known;
    const subscriber: Subscriber = {
      owner: () => session.owner,
      view: session.view,
      updated(params) {
        session.streams.send(notificationText('notifications/resources/updated', params));
      },
    };
    subscribers.set(session, subscriber);
    return subscriber;
  }

  function subscribe(session: Session, uri: string, to: Responder): void {
    void subscriptions.subscribe(subscriberOf(session), uri).then((refusal) => {
      if (refusal === undefined && !session.subscriptions.has(uri)) {
        session.subscriptions.add(uri);
        needs.save(session);
      }
      to.answer(refusal === undefined ? emptyResult : { kind: 'error', error: refusal });
    });
  }

  function setLevel(session: Session, level: unknown, to: Responder): void {
    if (!isLogLevel(level)) {
      to.answer(refused(rpcCodes.invalidParams, `level is one of ${logLevels.join(', ')}`));
      return;
    }
    session.owner = { ...session.owner, logLevel: level };
    needs.save(session);
    void wish(session).then(() => to.answer(emptyResult));
  }

  async function wish({ owner, view, label }: Session): Promise<void> {
    if (!isLogLevel(owner.logLevel)) return;
    await needs.logging.wish(label, { owner, view, level: owner.logLevel });
  }

  return {
    answers(session, method, params, to) {
      if (method === 'logging/setLevel') {
        setLevel(session, params['level'], to);
        return true;
      }
      if (method === 'tasks/list' && sessionKnowsTasks(session.owner)) {
        void needs.tasks.page(session, params['cursor']).then((reply) => to.answer(reply));
        return true;
      }
      if (method !== 'resources/subscribe' && method !== 'resources/unsubscribe') return false;
      const { uri } = params;
      if (typeof uri !== 'string') {
        to.answer(refused(rpcCodes.invalidParams, `${method} needs a uri`));
      } else if (method === 'resources/subscribe') subscribe(session, uri, to);
      else {
        subscriptions.unsubscribe(subscriberOf(session), uri);
        if (session.subscriptions.delete(uri)) needs.save(session);
        to.answer(emptyResult);
      }
      return true;
    },
    log(label, params) {
      const session = needs.labelled(label);
      if (session === undefined || !hears(session.owner, params)) return;
      session.streams.send(notificationText('notifications/message', params), 'drop');
    },
    restored(session) {
      // What it was not told of meanwhile, its streams tell it.
      const subscriber = subscriberOf(session);
      void wish(session);
      for (const uri of session.subscriptions) void subscriptions.subscribe(subscriber, uri);
    },
    ended(session) {
      const subscriber = subscribers.get(session);
      if (subscriber !== undefined) subscriptions.drop(subscriber);
      void needs.logging.wish(session.label, undefined);
    },
  };
}
