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
  /** Everything captured so far is in the files then; the result says how many bytes of this server never got there. */
  flush(server: string): Promise<{ readonly lostBytes: number }>;
  close(): Promise<void>;
}

/** Memory limits of the thread, MiB: it holds batches of 256 KiB a server and nothing else. */
const threadLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };

/** Starts the log thread; files go below `logsDir`. */
export function createLogCapture(logsDir: string): LogCapture {
  const worker = new Worker(new URL('./log-worker.js', import.meta.url), {
    resourceLimits: threadLimits,
  });
  const waiting = new Map<number, (reply: LogReply) => void>();
  const asked = new Set<Promise<LogReply>>();
  let requests = 0;
  let isClosing = false;
  let pipes = 0;
  worker.on('message', (reply: LogReply) => {
    waiting.get(reply.request)?.(reply);
    waiting.delete(reply.request);
    if (waiting.size === 0 && !isClosing) worker.unref();
  });
  // The thread keeps the process alive only while an answer of it is awaited.
  worker.unref();

  const folderOf = (server: string) => join(logsDir, server);
  const tell = (command: LogCommand) => worker.postMessage(command);

  function ask(makeCommand: (request: number) => LogCommand): Promise<LogReply> {
    requests += 1;
    const request = requests;
    const answer = new Promise<LogReply>((resolve) => {
      waiting.set(request, resolve);
      worker.ref();
      tell(makeCommand(request));
    });
    asked.add(answer);
    void answer.then(() => asked.delete(answer));
    return answer;
  }

  async function flush(server: string): Promise<{ readonly lostBytes: number }> {
    const reply = await ask((request) => ({ kind: 'flush', request }));
    const lost = reply.kind === 'flushed' ? reply.lostBytes.get(folderOf(server)) : undefined;
    return { lostBytes: lost ?? 0 };
  }

  return {
    folderOf,
    open(server, fd, limits) {
      pipes += 1;
      tell({ kind: 'open', folder: folderOf(server), pipe: pipes, fd, limits });
      return pipes;
    },
    note: (server, text, limits) => tell({ kind: 'note', folder: folderOf(server), text, limits }),
    setLimits: (server, limits) => tell({ kind: 'limits', folder: folderOf(server), limits }),
    async lastLines(pipe, count) {
      const reply = await ask((request) => ({ kind: 'tail', pipe, count, request }));
      return reply.kind === 'tail' ? reply.lines : [];
    },
    flush,
    async close() {
      isClosing = true;
      await ask((request) => ({ kind: 'flush', request }));
      // The last lines of servers that just died are still on their way to the journal.
      await Promise.all(asked);
      await worker.terminate();
    },
  };
}
