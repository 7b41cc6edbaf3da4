import { createHmac, timingSafeEqual } from 'node:crypto';

/** Bytes of the seal: a cursor only tells a place in a list, and is gone with this life of the daemon. */
const sealBytes = 16;
/** Longest cursor looked at, in characters. */
const lengthMax = 200;

/** Where the next page begins, for one list as it is now. */
export interface Cursors {
  /** `list` says which list, of which revision, for whom; `from` counts its items. */
  seal(list: string, from: number): string;
  /** Undefined for what was never given for this list, or not by this life of the daemon. */
  open(list: string, cursor: unknown): number | undefined;
}

/**
 * Cursors that nobody but us can make (HMAC-SHA-256): one of another list, of an older revision of it or of another
 * client's view is refused rather than taken for a place in this one. The empty text is a valid cursor of the protocol,
 * and none of ours.
 */
export function createCursors(key: Buffer): Cursors {
  function sealOf(list: string, from: number): Buffer {
    return createHmac('sha256', key).update(`${from} ${list}`).digest().subarray(0, sealBytes);
  }

  return {
    seal: (list, from) => `${from}.${sealOf(list, from).toString('base64url')}`,
    open(list, cursor) {
      if (typeof cursor !== 'string' || cursor.length > lengthMax) return undefined;
      const match = /^(\d{1,9})\.([A-Za-z0-9_-]+)$/.exec(cursor);
      if (match === null) return undefined;
      const from = Number(match[1]);
      const seal = Buffer.from(match[2] ?? '', 'base64url');
      const isOurs = seal.length === sealBytes && timingSafeEqual(seal, sealOf(list, from));
      return isOurs ? from : undefined;
    },
  };
}
