/**
 * The thread that captures what servers write: a flood costs this thread, not the one that relays
 * calls. Each pipe is read, cut into lines, batched and written to the rotating file of its server.
 */
import { Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { createLineBuffer, type LineBuffer } from './line-buffer.ts';
import { type LogFile, openLogFile } from './log-file.ts';
import type { LogCommand, LogReply } from './log-protocol.ts';

/** Lines wait at most this long before they are on disk. */
const flushEveryMs = 50;
/** How long the end of a pipe is waited for, when the last lines of a dead process are asked for. */
const endWaitMs = 100;

/** One process's output. Its lines are its own: two generations overlap for a moment at a restart. */
interface Pipe {
  readonly path: string;
  readonly socket: Socket;
  readonly buffer: LineBuffer;
}

function work(port: NonNullable<typeof parentPort>): void {
  const files = new Map<string, LogFile>();
  const pipes = new Map<number, Pipe>();
  let isFlushDue = false;

  function flushAll(): void {
    isFlushDue = false;
    for (const { buffer } of pipes.values()) buffer.flush();
  }

  function flushSoon(): void {
    if (isFlushDue) return;
    isFlushDue = true;
    setTimeout(flushAll, flushEveryMs);
  }

  function fileOf(command: Extract<LogCommand, { kind: 'open' | 'note' }>): LogFile {
    const known = files.get(command.path);
    if (known !== undefined) return known;
    const file = openLogFile(command.path, command.limits);
    files.set(command.path, file);
    return file;
  }

  function open(command: Extract<LogCommand, { kind: 'open' }>): void {
    const file = fileOf(command);
    file.setLimits(command.limits);
    const socket = new Socket({ fd: command.fd, readable: true, writable: false });
    const buffer = createLineBuffer((bytes) => file.write(bytes));
    pipes.set(command.pipe, { path: command.path, socket, buffer });
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      buffer.push(chunk);
      flushSoon();
    });
    socket.on('close', () => {
      buffer.finish();
      // Its last lines may still be asked for.
      setTimeout(() => pipes.delete(command.pipe), endWaitMs * 10);
    });
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

  port.on('message', (command: LogCommand) => {
    switch (command.kind) {
      case 'open':
        return open(command);
      case 'note':
        return fileOf(command).write(Buffer.from(command.text));
      case 'limits':
        return files.get(command.path)?.setLimits(command.limits);
      case 'tail':
        return tail(command);
      case 'flush':
        flushAll();
        return reply({ kind: 'flushed', request: command.request });
    }
  });
}

if (parentPort !== null) work(parentPort);
