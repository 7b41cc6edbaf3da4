/**
 * The thread that captures what servers write: a flood costs this thread, not the one that relays
 * calls. Each pipe is read, cut into lines and written to the rotating file of its server.
 */
import type { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { LogLimits } from '../log-retention.ts';
import { newLineState } from '../log-trace.ts';
import { createLineBuffer, type LineBuffer } from './line-buffer.ts';
import { type LogFile, openLogFile } from './log-file.ts';
import { createLogKeeper } from './log-keeper.ts';
import type { LogCommand, LogReply } from './log-protocol.ts';
import { readInto } from './read-into.ts';

/** Lines are written at once; the index tells of all that came in so long as of one batch. */
const flushEveryMs = 50;
/** How long the end of a pipe is waited for, when the last lines of a dead process are asked for. */
const endWaitMs = 100;
/** How often files that grew too old are looked for. */
const sweepEveryMs = 600_000;

/** One process's output. Its lines are its own: two generations overlap for a moment at a restart. */
interface Pipe {
  readonly socket: Socket;
  readonly buffer: LineBuffer;
}

function work(port: NonNullable<typeof parentPort>, captures: Int32Array): void {
  const files = new Map<string, LogFile>();
  const pipes = new Map<number, Pipe>();
  const nowMs = () => Date.now();
  const keeper = createLogKeeper(nowMs);
  let isFlushDue = false;
  setInterval(() => keeper.sweep(), sweepEveryMs).unref();

  function flushAll(): void {
    isFlushDue = false;
    for (const file of files.values()) file.flush();
  }

  function flushSoon(): void {
    if (isFlushDue) return;
    isFlushDue = true;
    setTimeout(flushAll, flushEveryMs);
  }

  function fileOf(command: { readonly folder: string; readonly limits: LogLimits }): LogFile {
    const { folder, limits } = command;
    const known = files.get(folder);
    if (known !== undefined) return known;
    const file = openLogFile(folder, limits, { nowMs, onRotate: keeper.look });
    files.set(folder, file);
    keeper.look(folder, limits);
    return file;
  }

  function setLimits({ folder, limits }: Extract<LogCommand, { kind: 'limits' }>): void {
    const file = files.get(folder);
    if (file === undefined) return;
    file.setLimits(limits);
    keeper.look(folder, limits);
  }

  function open(command: Extract<LogCommand, { kind: 'open' }>): void {
    const file = fileOf(command);
    file.setLimits(command.limits);
    const state = newLineState();
    const buffer = createLineBuffer((bytes) => file.write(bytes, state));
    const count = () => Atomics.add(captures, command.counter, 1);
    const socket = readInto(command.fd, (chunk) => {
      count();
      buffer.push(chunk);
      flushSoon();
    });
    pipes.set(command.pipe, { socket, buffer });
    socket.on('error', () => {});
    socket.on('close', () => {
      count();
      buffer.finish();
      flushSoon();
      // Its last lines may still be asked for.
      setTimeout(() => pipes.delete(command.pipe), endWaitMs * 10);
    });
  }

  function lostBytes(): ReadonlyMap<string, number> {
    return new Map([...files].map(([folder, file]) => [folder, file.lostBytes()]));
  }

  function reply(message: LogReply): void {
    port.postMessage(message);
  }

  function tail({ pipe: number, count, request }: Extract<LogCommand, { kind: 'tail' }>): void {
    const pipe = pipes.get(number);
    const answer = () =>
      reply({ kind: 'tail', request, lines: pipe?.buffer.lastLines(count) ?? [] });
    if (pipe === undefined || pipe.socket.closed) return answer();
    const timer = setTimeout(answer, endWaitMs);
    pipe.socket.once('close', () => {
      clearTimeout(timer);
      answer();
    });
  }

  function note(command: Extract<LogCommand, { kind: 'note' }>): void {
    fileOf(command).write(Buffer.from(command.text), newLineState());
    flushSoon();
  }

  port.on('message', (command: LogCommand) => {
    switch (command.kind) {
      case 'open':
        return open(command);
      case 'note':
        return note(command);
      case 'limits':
        return setLimits(command);
      case 'tail':
        return tail(command);
      case 'flush':
        flushAll();
        return reply({ kind: 'flushed', request: command.request, lostBytes: lostBytes() });
    }
  });
}

if (parentPort !== null) work(parentPort, workerData);
