import { type OnReadOpts, Socket } from 'node:net';

/** What a read can bring at once; pipes hold 64 KiB. One a thread, as chunks are used up before the next read. */
const readBuffer = Buffer.allocUnsafe(65_536);

/** Reads a pipe; `use` must be done with a chunk when it returns, as the next read overwrites it. */
export function readInto(fd: number, use: (chunk: Buffer) => void): Socket {
  const options: ConstructorParameters<typeof Socket>[0] & { readonly onread: OnReadOpts } = {
    ...{ fd, readable: true, writable: false },
    onread: {
      buffer: readBuffer,
      callback(count) {
        use(readBuffer.subarray(0, count));
        return true;
      },
    },
  };
  return new Socket(options).resume();
}
