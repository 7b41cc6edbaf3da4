import type { Cancel, Clock } from '../../clock.ts';
import type { Append, NewEvent } from '../../journal/events.ts';
import type { Ask, Reach, Talk } from '../asks.ts';
import { createLongCalls } from '../long-calls.ts';
import { type Failure, failure, type JsonObject, type Reply, type RequestId } from '../messages.ts';
import type { Owner } from '../owner.ts';
import type { BeginTrace, CallTrace } from '../trace.ts';

/** Who waits for the outcome of a call; exactly one of `reply` and `cancelled` is called, once. */
export interface Caller {
  readonly owner: Owner;
  /** Name and version of the client, as it says. */
  readonly client: string | undefined;
  /** The client's own id of the request. */
  readonly id: RequestId | undefined;
  /** How it can be asked. */
  readonly reach: Reach;
  /** Of its method and params, as the client must repeat them to go on with the call. */
  digest(): string;
  /** `line` is the server's own text with our id in it, when the reply came as one. */
  reply(call: Call, reply: Reply, line: string | undefined): void;
  /** `params` as the server sent them; the token in them is ours. */
  progress(call: Call, params: JsonObject): void;
  /** A log message that belongs to the call; `params` as the server sent them. */
  log(call: Call, params: JsonObject): void;
  /** For `stream`: puts a question to the client; the result takes it back. Undefined when there is no way to it. */
  ask(call: Call, ask: Ask): ((why: string) => void) | undefined;
  /** For `rounds`: answers with questions; the call goes on, and the client comes back with another request. */
  interim(result: JsonObject): void;
  /** The client itself took the call back and expects no reply. */
  cancelled(call: Call): void;
  /** The call takes long, or has just been sent to a server when it took long already. */
  lingers?(): void;
}

/** Where a call is at the moment: waiting for a server, or in flight at one. */
export interface Holder {
  /** Lets go of the call; in flight, the server is told to stop. */
  release(call: Call, why: string): void;
  /** What the caller hears when the call's time is over here. */
  lateFailure(call: Call): Failure;
  /** The instance it is in flight at. */
  readonly place?: { readonly index: number; readonly generation: number };
}

/** One request through the gateway. */
export interface Call {
  readonly kind: 'call';
  readonly server: string;
  readonly method: string;
  /** Tool or prompt by its own name, or URI. */
  readonly name: string | undefined;
  /** The instance that alone can answer it, by its index; undefined where any can. */
  readonly instance: number | undefined;
  /** What is sent next; a call that is repeated carries answers. */
  params: JsonObject;
  /** Another one when the client comes back to a parked call. */
  caller: Caller;
  /** The client's own, put back into progress notifications. */
  progressToken: RequestId | undefined;
  /** Of the clock's ticks, as the three that follow. */
  readonly startedTickMs: number;
  deadlineTickMs: number;
  /** Since when its clock stands still. */
  pausedTickMs: number | undefined;
  /** When its holder gives it up; never after the deadline. */
  dueTickMs: number;
  holder: Holder | undefined;
  /** Its id at the server; 0 before it is sent. */
  upstreamId: number;
  /** It takes long, and its caller knows. */
  isLong: boolean;
  /** How long its clock has stood still, because the client was asked. */
  askedMs: number;
  /** What its server asked so far; undefined while it asked nothing. */
  talk: Talk | undefined;
  /** Undefined unless it is recorded for a collector of traces. */
  readonly trace: CallTrace | undefined;
  ended: boolean;
  /** Neighbours among the open calls; undefined once it has ended. */
  before: Call | undefined;
  after: Call | undefined;
}

type Finished = Extract<NewEvent, { kind: 'call.finished' }>;
type Outcome = 'ok' | 'error' | 'late' | 'cancelled' | 'lost';

/**
 * Begins and ends calls; every end is one `call.finished` in the journal and one answer to the
 * caller.
 */
export interface Calls {
  begin(request: {
    readonly server: string;
    readonly method: string;
    readonly name: string | undefined;
    readonly instance?: number | undefined;
    readonly params: JsonObject;
    readonly caller: Caller;
    readonly progressToken: RequestId | undefined;
    readonly timeoutMs: number;
    /** When it began, if that was in an earlier life of the daemon. */
    readonly startedTickMs?: number;
  }): Call;
  /** Sets when the call's holder gives it up. */
  due(call: Call, atTickMs: number): void;
  /** Stops its clock: whoever asks has a limit of its own. */
  pause(call: Call): void;
  resume(call: Call): void;
  /** Ends it with the server's reply. */
  answer(call: Call, reply: Reply, line: string | undefined): void;
  /** Ends it with an error of ours. */
  fail(call: Call, outcome: 'error' | 'late' | 'lost', failed: Failure): void;
  /** Ends it because the client no longer wants it. */
  cancel(call: Call, why: string): void;
  /** The open call of a session under the client's own id. */
  find(session: string, id: RequestId): Call | undefined;
}

/** Calls that take longer are worth a stream, so that a client whose connection breaks can come back for the reply. */
const longMs = 50;

/**
 * The calls that have not ended, with one timer for all their deadlines: most calls end long before, so a timer each
 * would be started and stopped in vain. They form a chain of their own, because a `Set` that is filled and emptied all
 * day keeps what it held alive (see `slots.ts`).
 */
export function createCalls(needs: {
  readonly clock: Clock;
  readonly append: Append;
  readonly beginTrace: BeginTrace;
}): Calls {
  const { clock, append } = needs;
  let newest: Call | undefined;
  const long = createLongCalls<Call>();
  let armedForMs = Number.POSITIVE_INFINITY;
  let disarm: Cancel | undefined;

  function arm(atTickMs: number): void {
    if (atTickMs >= armedForMs) return;
    disarm?.();
    armedForMs = atTickMs;
    disarm = clock.after(Math.max(1, atTickMs - clock.tickMs()), sweep);
  }

  function sweep(): void {
    armedForMs = Number.POSITIVE_INFINITY;
    disarm = undefined;
    const nowMs = clock.tickMs();
    let nextMs = Number.POSITIVE_INFINITY;
    const overdue: Call[] = [];
    for (let call = newest; call !== undefined; call = call.before) {
      if (call.dueTickMs <= nowMs) overdue.push(call);
      else nextMs = Math.min(nextMs, call.dueTickMs);
      const longAtMs = call.startedTickMs + longMs;
      if (call.isLong) continue;
      if (nowMs < longAtMs) nextMs = Math.min(nextMs, longAtMs);
      else {
        call.isLong = true;
        long.add(call);
        call.caller.lingers?.();
      }
    }
    for (const call of overdue) {
      const failed = call.holder?.lateFailure(call) ?? lateWithoutHolder;
      call.holder?.release(call, 'The call took too long');
      fail(call, 'late', failed);
    }
    if (nextMs < Number.POSITIVE_INFINITY) arm(nextMs);
  }

  function link(call: Call): void {
    call.before = newest;
    if (newest !== undefined) newest.after = call;
    newest = call;
  }

  function unlink(call: Call): void {
    if (call.before !== undefined) call.before.after = call.after;
    if (call.after !== undefined) call.after.before = call.before;
    else newest = call.before;
    call.before = undefined;
    call.after = undefined;
  }

  function end(call: Call, outcome: Outcome, why: string | undefined): boolean {
    if (call.ended) return false;
    call.ended = true;
    unlink(call);
    if (call.isLong) long.remove(call);
    const event = finished(call, outcome, why, clock);
    append(event);
    call.trace?.finished(event);
    call.talk?.callEnded();
    return true;
  }

  function fail(call: Call, outcome: 'error' | 'late' | 'lost', failed: Failure): void {
    if (end(call, outcome, failed.error.message)) call.caller.reply(call, failed, undefined);
  }

  return {
    begin(request) {
      const { startedTickMs = clock.tickMs() } = request;
      const deadlineTickMs = startedTickMs + request.timeoutMs;
      const trace = needs.beginTrace(request.params);
      // Written out field by field, as `finished` is.
      const call: Call = {
        kind: 'call',
        server: request.server,
        method: request.method,
        name: request.name,
        instance: request.instance,
        params: trace?.params ?? request.params,
        trace,
        caller: request.caller,
        progressToken: request.progressToken,
        startedTickMs,
        deadlineTickMs,
        dueTickMs: deadlineTickMs,
        pausedTickMs: undefined,
        holder: undefined,
        upstreamId: 0,
        isLong: false,
        askedMs: 0,
        talk: undefined,
        ended: false,
        before: undefined,
        after: undefined,
      };
      link(call);
      arm(Math.min(deadlineTickMs, startedTickMs + longMs));
      return call;
    },
    due(call, atTickMs) {
      call.dueTickMs = Math.min(atTickMs, call.deadlineTickMs);
      arm(call.dueTickMs);
    },
    pause(call) {
      call.pausedTickMs ??= clock.tickMs();
      call.dueTickMs = Number.POSITIVE_INFINITY;
    },
    resume(call) {
      if (call.pausedTickMs === undefined || call.ended) return;
      const stoodMs = clock.tickMs() - call.pausedTickMs;
      call.pausedTickMs = undefined;
      call.askedMs += stoodMs;
      call.deadlineTickMs += stoodMs;
      call.dueTickMs = call.deadlineTickMs;
      arm(call.dueTickMs);
    },
    answer(call, reply, line) {
      const toolFailed = reply.kind === 'result' && reply.result['isError'] === true;
      const why =
        reply.kind === 'error' ? reply.error.message : toolFailed ? 'tool error' : undefined;
      if (end(call, why === undefined ? 'ok' : 'error', why)) call.caller.reply(call, reply, line);
    },
    fail,
    cancel(call, why) {
      call.holder?.release(call, why);
      if (end(call, 'cancelled', why)) call.caller.cancelled(call);
    },
    find(session, id) {
      // The few that are not long are the newest.
      for (let call = newest; call !== undefined && !call.isLong; call = call.before) {
        if (call.caller.id === id && call.caller.owner.session === session) return call;
      }
      return long.find(session, id);
    },
  };
}

/** Written out field by field: it is made once a call, and spreading is the slowest way to leave one out. */
function finished(call: Call, outcome: Outcome, why: string | undefined, clock: Clock): Finished {
  const { server: subject, method, name, startedTickMs } = call;
  const { owner, client } = call.caller;
  const tookMs = Math.round(clock.tickMs() - startedTickMs);
  const event: {
    -readonly [Field in keyof Finished]: Finished[Field];
  } = { atMs: clock.nowMs(), kind: 'call.finished', subject, method, outcome, tookMs };
  if (name !== undefined) event.name = name;
  if (owner.session !== undefined) event.session = owner.session;
  if (client !== undefined) event.client = client;
  if (why !== undefined) event.why = why;
  if (call.askedMs > 0) event.askedMs = Math.round(call.askedMs);
  return event;
}

const lateWithoutHolder = failure('call_late', 'The call took too long');
