import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Cancel, Clock } from '../../clock.ts';
import { isSlow, judgeReader, type Slowness, tooMuchUnread } from '../slow-readers.ts';

/** A connection that never says a word is ended after this long: there may be so many only. */
const silentMaxMs = 30_000;
/** How often connections are looked at, while there are any. */
const lookMs = 2_000;

/**
 * Cuts off clients that never say a word, whatever door they came by, and those that do not read
 * their answers: what waits for them is memory of ours, and a connection whose other end is gone
 * without a word looks the same.
 * `onCut` hears what was left unread, and why.
 */
export function guardReaders(
  server: Server,
  needs: {
    readonly clock: Clock;
    readonly onCut: (unreadBytes: number, why: string) => void;
  },
): void {
  const { clock } = needs;
  const known = new Map<Socket, Slowness | undefined>();
  /** Since when, of those that said nothing yet. */
  const silent = new Map<Socket, number>();
  let cancel: Cancel | undefined;

  function look(): void {
    const tickMs = clock.tickMs();
    for (const [socket, sinceTickMs] of silent) {
      if (socket.bytesRead > 0) silent.delete(socket);
      else if (tickMs - sinceTickMs >= silentMaxMs) socket.destroy();
    }
    const waiting = [];
    for (const [socket, before] of known) {
      const unreadBytes = socket.writableLength;
      if (unreadBytes === 0 && before === undefined) continue;
      // Node counts what it has still to write as written.
      const connection = { unreadBytes, takenBytes: socket.bytesWritten - unreadBytes };
      const { slowness, cut } = judgeReader(connection, before, tickMs);
      known.set(socket, slowness);
      if (cut !== undefined) end(socket, cut);
      else waiting.push({ ...connection, socket, isSlow: isSlow(slowness, tickMs) });
    }
    for (const { socket } of tooMuchUnread(waiting))
      end(socket, 'all clients together leave too much unread');
    cancel = known.size === 0 ? undefined : clock.after(lookMs, look);
  }

  function end(socket: Socket, why: string): void {
    known.delete(socket);
    needs.onCut(socket.writableLength, why);
    socket.destroy();
  }

  server.on('connection', (socket) => {
    known.set(socket, undefined);
    silent.set(socket, clock.tickMs());
    cancel ??= clock.after(lookMs, look);
    socket.once('close', () => {
      known.delete(socket);
      silent.delete(socket);
    });
  });
  server.once('close', () => cancel?.());
}
