/**
 * The thread that captures what servers write: a flood costs this thread, not the one that relays calls. Each pipe is
 * read, cut into lines, batched and written to its rotating file.
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

interface Log {
  readonly file: LogFile;
  readonly buffer: LineBuffer;
  /** Open pipes; a restart overlaps for a moment with the pipe of the process before. */
  readonly pipes: Map<number, Socket>;
}

function work(port: NonNullable<typeof parentPort>): void {
  const logs = new Map<string, Log>();
  let isFlushDue = false;

  function flushSoon(): void {
    if (isFlushDue) return;
    isFlushDue = true;
    setTimeout(() => {
      isFlushDue = false;
      for (const log of logs.values()) log.buffer.flush();
    }, flushEveryMs);
  }

  function logOf(command: Extract<LogCommand, { kind: 'open' | 'note' }>): Log {
    const known = logs.get(command.path);
    if (known !== undefined) return known;
    const file = openLogFile(command.path, command.limits);
    const log = { file, buffer: createLineBuffer((bytes) => file.write(bytes)), pipes: new Map() };
    logs.set(command.path, log);
    return log;
  }

  function open(command: Extract<LogCommand, { kind: 'open' }>): void {
    const log = logOf(command);
    log.file.setLimits(command.limits);
    const socket = new Socket({ fd: command.fd, readable: true, writable: false });
    log.pipes.set(command.pipe, socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      log.buffer.push(chunk);
      flushSoon();
    });
    socket.on('close', () => {
      log.pipes.delete(command.pipe);
      log.buffer.finish();
    });
  }

  function reply(message: LogReply): void {
    port.postMessage(message);
  }

  function tail(command: Extract<LogCommand, { kind: 'tail' }>): void {
    const log = logs.get(command.path);
    const answer = () =>
      reply({
        kind: 'tail',
        request: command.request,
        lines: log?.buffer.lastLines(command.count) ?? [],
      });
    const pipe = command.pipe === undefined ? undefined : log?.pipes.get(command.pipe);
    if (pipe === undefined) return answer();
    const timer = setTimeout(answer, endWaitMs);
    pipe.once('close', () => {
      clearTimeout(timer);
      answer();
    });
  }

  port.on('message', (command: LogCommand) => {
    switch (command.kind) {
      case 'open':
        return open(command);
      case 'note':
        logOf(command).buffer.push(Buffer.from(command.text));
        return flushSoon();
      case 'limits':
        return logs.get(command.path)?.file.setLimits(command.limits);
      case 'tail':
        return tail(command);
      case 'closePipe':
        return void logs.get(command.path)?.pipes.get(command.pipe)?.destroy();
      case 'flush':
        for (const log of logs.values()) log.buffer.flush();
        return reply({ kind: 'flushed', request: command.request });
    }
  });
}

if (parentPort !== null) work(parentPort);
