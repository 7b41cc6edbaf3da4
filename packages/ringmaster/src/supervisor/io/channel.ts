import { Socket } from 'node:net';
import type { Channel } from '../conversation.ts';
import { readInto } from './read-into.ts';

/** A Channel over two descriptors, as the supervisor holds it. */
export interface PipeChannel extends Channel {
  /** Closes the server's input: it reads the end, once nobody else holds it. */
  endInput(): void;
  /** Messages that never reached the pipe, as the server was gone already. */
  unsent(): readonly string[];
  close(): void;
}

interface ChannelNeeds {
  /** Descriptor to write the server's input; owned by the channel from now on. */
  readonly writeFd: number;
  /** Descriptor to read the server's output; owned by the channel from now on. */
  readonly readFd: number;
  /** Longest line accepted; a longer one is dropped and reported. */
  readonly maxMessageBytes: number;
  readonly onTooLong: (bytes: number) => void;
  /** Sees every line beside its receiver, so that what is no message gets into the log. */
  readonly onEveryLine?: (line: string) => void;
  /** Every writer of the output is gone: most likely the process too. */
  readonly onEnd: () => void;
}

const newline = 10;
/** Writes up to this size reach a pipe whole or not at all (POSIX; PIPE_BUF of Linux). */
const wholeWriteBytes = 4_096;

/** A Channel over two descriptors, which it owns. */
export function createChannel(needs: ChannelNeeds): PipeChannel {
  const writer = new Socket({ fd: needs.writeFd, readable: false, writable: true });
  let receive: ((line: string) => void) | undefined;
  let outgoing = '';
  let flushIsDue = false;
  const unsent: string[] = [];

  // A server that died answers writes with EPIPE; its death is reported by whoever watches the process.
  writer.on('error', () => {});
  const split = createLineSplitter(needs.maxMessageBytes, needs.onTooLong, (line) => {
    needs.onEveryLine?.(line);
    receive?.(line);
  });
  const reader = readInto(needs.readFd, split);
  reader.on('error', () => {});
  reader.on('end', needs.onEnd);

  // All messages of one turn of the event loop leave in one write: at 64 calls in flight that halves the system calls.
  function flush(): void {
    flushIsDue = false;
    const text = outgoing;
    outgoing = '';
    if (writer.destroyed) unsent.push(text);
    else
      writer.write(text, (error) => {
        if (error && text.length * 3 <= wholeWriteBytes) unsent.push(text);
      });
  }

  return {
    send(text) {
      outgoing += `${text}\n`;
      if (!flushIsDue) {
        flushIsDue = true;
        setImmediate(flush);
      }
      return writer.writableLength + outgoing.length;
    },
    onLine(next) {
      receive = next;
    },
    note: (line) => needs.onEveryLine?.(line),
    endInput() {
      if (outgoing !== '') flush();
      writer.end(() => writer.destroy());
    },
    unsent: () => [...unsent, outgoing].flatMap((text) => text.split('\n')).filter(Boolean),
    close() {
      writer.destroy();
      reader.destroy();
    },
  };
}

/**
 * Chunks in, lines out. Only the new chunk is searched for line ends, so a 10 MB line costs its own length, not its
 * square; a whole chunk of short lines is decoded at once.
 */
export function createLineSplitter(
  maxLineBytes: number,
  onTooLong: (bytes: number) => void,
  onLine: (line: string) => void,
): (chunk: Buffer) => void {
  let carried: Buffer[] = [];
  let carriedBytes = 0;

  function emit(text: string): void {
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      const end = to > from && text.charCodeAt(to - 1) === 13 ? to - 1 : to;
      if (end > from) onLine(text.slice(from, end));
      from = to + 1;
    }
  }

  return (chunk) => {
    const last = chunk.lastIndexOf(newline);
    let rest = chunk;
    if (last >= 0) {
      let head = chunk.subarray(0, last + 1);
      if (carriedBytes > maxLineBytes) {
        const first = chunk.indexOf(newline);
        onTooLong(carriedBytes + first);
        head = chunk.subarray(first + 1, last + 1);
      } else if (carried.length > 0) {
        head = Buffer.concat([...carried, head]);
      }
      carried = [];
      carriedBytes = 0;
      rest = chunk.subarray(last + 1);
      emit(head.toString('utf8'));
    }
    if (rest.length === 0) return;
    carriedBytes += rest.length;
    if (carriedBytes > maxLineBytes) carried = [];
    else carried.push(Buffer.from(rest));
  };
}
