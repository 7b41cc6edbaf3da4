import type { Era } from './bridge.ts';
import { isObject, type JsonObject, type RpcError } from './messages.ts';
import { legacyVersions, modernVersion, rpcCodes } from './protocol.ts';

/** What a server's answer to `server/discover` says about its era (2026-07-28, version negotiation). */
export type Verdict =
  | { readonly kind: 'modern' }
  | { readonly kind: 'legacy' }
  | { readonly kind: 'unusable'; readonly why: string };

/** Judges a result: only one that lists our modern revision makes the server modern. */
export function judgeDiscover(result: JsonObject): Verdict {
  const versions = textList(result['supportedVersions']);
  if (versions.includes(modernVersion)) return { kind: 'modern' };
  if (versions.length === 0 || versions.some((one) => legacyVersions.includes(one))) {
    return { kind: 'legacy' };
  }
  return { kind: 'unusable', why: `it serves only ${versions.join(', ')}` };
}

/** Only the three errors the modern era reserves come from a modern server; any other is a legacy one's. */
export function judgeDiscoverError(error: RpcError): Verdict {
  if (error.code === rpcCodes.versionNotServed) {
    const versions = isObject(error.data) ? textList(error.data['supported']) : [];
    return versions.some((one) => legacyVersions.includes(one))
      ? { kind: 'legacy' }
      : { kind: 'unusable', why: `it serves only ${versions.join(', ') || 'other revisions'}` };
  }
  if (error.code === rpcCodes.headerMismatch || error.code === rpcCodes.missingCapability) {
    return { kind: 'unusable', why: `it refused server/discover: ${error.message}` };
  }
  return { kind: 'legacy' };
}

/** A verdict as it is remembered. */
export interface RememberedEra {
  readonly era: Era;
  readonly atMs: number;
  /** Concluded from a process that exited when probed, which may have had another reason. */
  readonly guessed: boolean;
}

/** A server may have been updated in place, so a legacy verdict is tried again after a week. */
export const legacyVerdictMs = 7 * 24 * 3_600_000;

/** The era to assume without a probe; undefined when it must be found out. */
export function knownEra(
  wanted: 'auto' | 'legacy' | '2026-07-28',
  remembered: unknown,
  nowMs: number,
): Era | undefined {
  if (wanted === 'legacy') return 'legacy';
  if (wanted === modernVersion) return 'modern';
  if (!isObject(remembered)) return undefined;
  if (remembered['era'] === 'modern') return 'modern';
  const atMs = remembered['atMs'];
  const isFresh = typeof atMs === 'number' && nowMs - atMs < legacyVerdictMs;
  return remembered['era'] === 'legacy' && isFresh ? 'legacy' : undefined;
}

function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
