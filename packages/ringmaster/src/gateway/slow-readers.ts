/** A client has moved on when it took so much since it was looked at. */
const progressBytes = 16_384;
/**
 * How long a client may take nothing, and how much longer for each byte that waits. Long answers go to the network in
 * one piece, and nothing says how far it is until all of it is gone: 64 KiB a second are asked for, on one machine.
 */
const patienceMs = 60_000;
const patienceMsPerByte = 1_000 / 65_536;
/** What all clients together may leave unread; beyond it, of those that did not move on for a while, most unread first. */
const unreadTotalBytesMax = 256 * 1_048_576;
const slowAfterMs = 10_000;

/** A connection, as it stands at the moment. */
export interface Connection {
  /** Bytes of answers that the client has not let us hand to the network. */
  readonly unreadBytes: number;
  /** Bytes handed to the network so far. */
  readonly takenBytes: number;
}

/** Since when a client has been taking too little, and how far it was then. */
export interface Slowness {
  readonly takenBytes: number;
  readonly sinceTickMs: number;
}

/** What is to be said of a connection at the next look, and why it is to be cut off now. */
export interface Judgement {
  readonly slowness: Slowness | undefined;
  readonly cut: string | undefined;
}

/** Judges one connection by what was said of it before; who takes enough, or has nothing waiting, is not slow. */
export function judgeReader(
  { unreadBytes, takenBytes }: Connection,
  before: Slowness | undefined,
  tickMs: number,
): Judgement {
  if (unreadBytes === 0) return { slowness: undefined, cut: undefined };
  const took = takenBytes - (before?.takenBytes ?? 0);
  const hasMoved = before === undefined || took >= progressBytes;
  if (hasMoved) return { slowness: { takenBytes, sinceTickMs: tickMs }, cut: undefined };
  const waitedMs = tickMs - before.sinceTickMs;
  const isPatienceOver = waitedMs >= patienceMs + unreadBytes * patienceMsPerByte;
  const cut = `the client left ${unreadBytes} bytes unread for ${Math.round(waitedMs / 1_000)} s`;
  return { slowness: before, cut: isPatienceOver ? cut : undefined };
}

/** True when the client has not moved on for 10 s. */
export function isSlow(slowness: Slowness | undefined, tickMs: number): boolean {
  return slowness !== undefined && tickMs - slowness.sinceTickMs >= slowAfterMs;
}

/** Of slow connections those to cut off so that the others fit; most unread first. */
export function tooMuchUnread<One extends Connection & { readonly isSlow: boolean }>(
  all: readonly One[],
): readonly One[] {
  let unread = all.reduce((sum, one) => sum + one.unreadBytes, 0);
  const slowest = all.filter((one) => one.isSlow).sort((a, b) => b.unreadBytes - a.unreadBytes);
  const cut: One[] = [];
  for (const one of slowest) {
    if (unread <= unreadTotalBytesMax) break;
    unread -= one.unreadBytes;
    cut.push(one);
  }
  return cut;
}
