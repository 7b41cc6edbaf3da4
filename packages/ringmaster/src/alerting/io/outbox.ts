import type { Cancel, Clock } from '../../clock.ts';
import { type AlertSettings, severities } from '../../fleet/schema-alerts.ts';
import type { Append } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import type { Notice } from '../notices.ts';
import { sendBy } from './notifiers/index.ts';
import type { Message, NotifierTools } from './notifiers/notifier.ts';

/** What the outbox needs. */
export interface OutboxNeeds {
  readonly clock: Clock;
  readonly append: Append;
  readonly journal: Pick<Journal, 'recallAll' | 'remember' | 'flushWithin'>;
  readonly fleet: () => string;
  readonly settings: () => AlertSettings;
  readonly tools: NotifierTools;
  readonly newId: () => string;
}

/** Delivers messages, each notifier at its own pace; what waits survives the daemon. */
export interface Outbox {
  put(notices: ReadonlyMap<string, readonly Notice[]>): void;
  /** Takes up what an earlier life of the daemon left. */
  resume(): void;
  stop(): void;
}

/** The first wait between two attempts; each is four times as long as the one before, up to the longest. */
const retryFirstMs = 1_000;
const retryMostMs = 256_000;
/** After so many attempts the message is given up: an hour, in which a receiver that was away is back. */
const attemptsMax = 19;
/** A message waits at most so long for the disk. */
const writtenWithinMs = 5_000;
/** At most one message in so long to each notifier; what comes meanwhile is one digest. */
const paceMs = 6_000;
/** Notices in one message; of those that wait the mildest, and of one severity the newest, are counted and left out. */
const digestMax = 20;
const factKind = 'alertOutbox';

interface Lane {
  waiting: Notice[];
  leftOut: number;
  /** What is being delivered, until it is delivered or given up. */
  message: Message | undefined;
  attempt: number;
  /** A message is being delivered, or waits for its next attempt. */
  isBusy: boolean;
  lastTickMs: number;
  cancel: Cancel;
}

/** An outbox without messages. */
export function createOutbox(needs: OutboxNeeds): Outbox {
  const { clock, append, journal, tools } = needs;
  const lanes = new Map<string, Lane>();
  let isStopped = false;

  function laneOf(name: string): Lane {
    const lane = lanes.get(name) ?? {
      ...{ waiting: [], leftOut: 0, message: undefined, attempt: 0, isBusy: false },
      ...{ lastTickMs: Number.NEGATIVE_INFINITY, cancel: () => {} },
    };
    lanes.set(name, lane);
    return lane;
  }

  function keep(name: string, { waiting, leftOut, message }: Lane): void {
    const isEmpty = waiting.length === 0 && message === undefined;
    journal.remember(factKind, name, isEmpty ? undefined : { waiting, leftOut, message });
  }

  function advance(name: string): void {
    const lane = laneOf(name);
    if (isStopped || lane.isBusy) return;
    if (lane.message === undefined) {
      if (lane.waiting.length === 0) return;
      const waitMs = lane.lastTickMs + paceMs - clock.tickMs();
      if (waitMs > 0) {
        lane.cancel();
        lane.cancel = clock.after(waitMs, () => advance(name));
        return;
      }
      lane.message = nextMessage(lane);
      lane.attempt = 0;
      keep(name, lane);
    }
    lane.isBusy = true;
    void deliver(name, lane, lane.message);
  }

  function nextMessage(lane: Lane): Message {
    // An older version let more wait than one message tells.
    const notices = lane.waiting.slice(0, digestMax);
    const leftOut = lane.leftOut + lane.waiting.length - notices.length;
    lane.waiting = [];
    lane.leftOut = 0;
    const { language } = needs.settings();
    return { id: needs.newId(), fleet: needs.fleet(), language, notices, leftOut };
  }

  async function deliver(name: string, lane: Lane, message: Message): Promise<void> {
    const entry = needs.settings().notifiers[name];
    const about = { subject: name, alerts: message.notices.map(({ alert }) => alert.key) };
    let why: string | undefined;
    try {
      // What is told should be on disk first: a daemon killed now must not tell it anew as news. A disk that takes
      // nothing must not keep back the alert that says so.
      await journal.flushWithin(writtenWithinMs);
      if (entry === undefined) why = 'it is no longer in the fleet file';
      else await sendBy(entry, message, tools);
    } catch (error) {
      why = (error as Error).message;
    }
    if (isStopped) return;
    lane.lastTickMs = clock.tickMs();
    lane.attempt += 1;
    const isDone = why === undefined || entry === undefined || lane.attempt >= attemptsMax;
    const waitMs = isDone ? undefined : retryWaitMs(lane.attempt);
    const atMs = clock.nowMs();
    if (why === undefined) append({ atMs, kind: 'alert.notified', ...about });
    else append({ atMs, kind: 'alert.notifyFailed', ...about, why, nextTryInMs: waitMs });
    const goOn = () => {
      lane.isBusy = false;
      advance(name);
    };
    if (waitMs === undefined) {
      lane.message = undefined;
      keep(name, lane);
      goOn();
    } else {
      // Busy until then: news that come meanwhile must not use up the attempts.
      lane.cancel = clock.after(waitMs, goOn);
    }
  }

  return {
    put(notices) {
      for (const [name, news] of notices) {
        const lane = laneOf(name);
        const all = [...lane.waiting, ...news].sort(worstFirst);
        lane.waiting = all.slice(0, digestMax);
        lane.leftOut += all.length - lane.waiting.length;
        keep(name, lane);
        advance(name);
      }
    },
    resume() {
      for (const [name, value] of journal.recallAll(factKind)) {
        Object.assign(laneOf(name), value as Pick<Lane, 'waiting' | 'leftOut' | 'message'>);
        advance(name);
      }
    },
    stop() {
      isStopped = true;
      for (const lane of lanes.values()) lane.cancel();
    },
  };
}

/** How long to wait after so many attempts, from 1. */
function retryWaitMs(attempts: number): number {
  return Math.min(retryFirstMs * 4 ** (attempts - 1), retryMostMs);
}

/** In a storm the worst must not be what is left out; of one severity the first to come stays. */
function worstFirst(one: Notice, other: Notice): number {
  return severities.indexOf(other.alert.severity) - severities.indexOf(one.alert.severity);
}
