import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LogLimits } from '../log-retention.ts';
import type { LogCommand, LogReply } from './log-protocol.ts';

/** Captures the output of servers in a thread of its own, one rotating file a server. */
export interface LogCapture {
  /** Where the files of a server's log lie. */
  folderOf(server: string): string;
  /** Reads `fd` (which it owns from now on) into the server's log; the result names the pipe. */
  open(server: string, fd: number, limits: LogLimits): number;
  /** Adds lines of our own making, e.g. what a stdio server printed between its messages. */
  note(server: string, text: string, limits: LogLimits): void;
  setLimits(server: string, limits: LogLimits): void;
  /** The last lines of a dead process, after the end of its pipe was read or 100 ms passed. */
  lastLines(pipe: number, count: number): Promise<readonly string[]>;
  /** Everything captured so far is in the files then. */
  flush(server: string): Promise<Flushed>;
  close(): Promise<void>;
}

/** What is in the files. */
export interface Flushed {
  /** How many bytes of this server never got there since the daemon started. */
  readonly lostBytes: number;
  /** Another number as soon as anything of this server was captured since. */
  readonly captures: number;
}

/** Servers that share a counter, as there are more of them than counters, are only looked at once too often. */
const countersMax = 1_024;

/** Memory limits of the thread, MiB: lines are buffers outside of its heap, and written as they come. */
const threadLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };

/** Starts the log thread with the first it has to do; files go below `logsDir`. */
export function createLogCapture(logsDir: string): LogCapture {
  const waiting = new Map<number, (reply: LogReply) => void>();
  const asked = new Set<Promise<LogReply>>();
  /** What was captured of each server, counted: who asks again and again need not ask the thread while nothing comes. */
  const captures = new Int32Array(
    new SharedArrayBuffer(countersMax * Int32Array.BYTES_PER_ELEMENT),
  );
  const counters = new Map<string, number>();
  let worker: Worker | undefined;
  let flushed: { readonly captures: Int32Array; readonly lostBytes: ReadonlyMap<string, number> } =
    { captures: captures.slice(), lostBytes: new Map() };
  let requests = 0;
  let isClosing = false;
  let pipes = 0;

  const folderOf = (server: string) => join(logsDir, server);
  const tell = (command: LogCommand) => thread().postMessage(command);

  function counterOf(server: string): number {
    const counter = counters.get(server) ?? counters.size % countersMax;
    counters.set(server, counter);
    return counter;
  }

  function thread(): Worker {
    worker ??= startThread();
    return worker;
  }

  function startThread(): Worker {
    const started = new Worker(new URL('./log-worker.js', import.meta.url), {
      resourceLimits: threadLimits,
      workerData: captures,
    });
    started.on('message', (reply: LogReply) => {
      waiting.get(reply.request)?.(reply);
      waiting.delete(reply.request);
      if (waiting.size === 0 && !isClosing) started.unref();
    });
    // The thread keeps the process alive only while an answer of it is awaited.
    started.unref();
    return started;
  }

  function ask(makeCommand: (request: number) => LogCommand): Promise<LogReply> {
    requests += 1;
    const request = requests;
    const answer = new Promise<LogReply>((resolve) => {
      waiting.set(request, resolve);
      thread().ref();
      tell(makeCommand(request));
    });
    asked.add(answer);
    void answer.then(() => asked.delete(answer));
    return answer;
  }

  async function flush(server: string): Promise<Flushed> {
    const counter = counterOf(server);
    if (Atomics.load(captures, counter) !== flushed.captures[counter]) {
      const before = captures.slice();
      const reply = await ask((request) => ({ kind: 'flush', request }));
      if (reply.kind === 'flushed') flushed = { captures: before, lostBytes: reply.lostBytes };
    }
    return {
      lostBytes: flushed.lostBytes.get(folderOf(server)) ?? 0,
      captures: flushed.captures[counter] ?? 0,
    };
  }

  return {
    folderOf,
    open(server, fd, limits) {
      pipes += 1;
      const counter = counterOf(server);
      tell({ kind: 'open', folder: folderOf(server), pipe: pipes, counter, fd, limits });
      return pipes;
    },
    note(server, text, limits) {
      Atomics.add(captures, counterOf(server), 1);
      tell({ kind: 'note', folder: folderOf(server), text, limits });
    },
    setLimits: (server, limits) => tell({ kind: 'limits', folder: folderOf(server), limits }),
    async lastLines(pipe, count) {
      const reply = await ask((request) => ({ kind: 'tail', pipe, count, request }));
      return reply.kind === 'tail' ? reply.lines : [];
    },
    flush,
    async close() {
      isClosing = true;
      if (worker === undefined) return;
      await ask((request) => ({ kind: 'flush', request }));
      // The last lines of servers that just died are still on their way to the journal.
      await Promise.all(asked);
      await worker.terminate();
    },
  };
}
