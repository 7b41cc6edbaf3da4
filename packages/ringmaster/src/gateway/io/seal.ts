import { createHash, randomBytes } from 'node:crypto';
import type { Journal } from '../../journal/journal.ts';
import { isObject, type JsonObject } from '../messages.ts';
import { aesKeyBytes, decrypt, encrypt } from './aes.ts';

/** Seals text so that only this gateway can read it, and nobody can change it. */
export interface Seal {
  seal(text: string): string;
  /** Undefined when it is not a text this key sealed, byte by byte. */
  open(sealed: string): string | undefined;
}

/** The key is made once and remembered, so that clients may return what they were given before a restart. */
export function createSeal(facts: Pick<Journal, 'recall' | 'remember'>): Seal {
  const known = facts.recall('key', 'requestState');
  const remembered = typeof known === 'string' ? Buffer.from(known, 'base64') : undefined;
  const isKnown = remembered?.length === aesKeyBytes;
  const key = isKnown ? remembered : randomBytes(aesKeyBytes);
  if (!isKnown) facts.remember('key', 'requestState', key.toString('base64'));
  return {
    seal: (text) => encrypt(text, key).toString('base64url'),
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      // Decoding is lenient: what is not spelled as we spell it is not ours.
      if (bytes.toString('base64url') !== sealed) return undefined;
      try {
        return decrypt(bytes, key);
      } catch {
        // Too short, changed on the way, or sealed with another key.
        return undefined;
      }
    },
  };
}

/** Of what must stay the same when a request is made again: its method, and its params without answers and `_meta`. */
export function digestOf(method: string, params: JsonObject): string {
  const { _meta, inputResponses, requestState, ...asked } = params;
  return createHash('sha256')
    .update(`${method}\n${canonical(asked)}`)
    .digest('base64url');
}

/** JSON with sorted keys: a client may write the same params in another order. */
function canonical(value: JsonObject): string {
  try {
    return JSON.stringify(value, (_key, one: unknown) =>
      isObject(one) ? Object.fromEntries(Object.entries(one).sort(byKey)) : one,
    );
  } catch {
    // Nested too deeply to be written: such a request never reaches a server that could ask.
    return '';
  }
}

function byKey([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : 1;
}
