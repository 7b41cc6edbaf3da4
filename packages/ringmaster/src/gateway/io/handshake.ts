import type { Clock } from '../../clock.ts';
import { messageChain, Problem } from '../../errors.ts';
import type { Negotiated } from '../../supervisor/conversation.ts';
import { type Era, envelope, type Identity } from '../bridge.ts';
import { judgeDiscover, judgeDiscoverError, knownEra, type Verdict } from '../era.ts';
import { isObject, type JsonObject } from '../messages.ts';
import { modernVersion, newestLegacyVersion } from '../protocol.ts';
import type { Conversation } from './conversation.ts';
import { RefusedByServer } from './own-request.ts';

/**
 * How long `server/discover` may be left unanswered before a server is also asked the old way, but no more than a third
 * of its start. On a pipe it may just be loading: servers of both eras (SDK 2) keep to what follows `server/discover`, and
 * what follows there is of the new era first. Over HTTP nothing is kept, so the new era is given its time instead.
 */
const probePatienceMs = { pipe: 1_500, http: 8_000 };

interface Needs {
  readonly conversation: Conversation;
  readonly server: string;
  /** What it is spoken with over. */
  readonly over: 'pipe' | 'http';
  readonly wanted: 'auto' | 'legacy' | '2026-07-28';
  readonly clock: Clock;
  readonly identity: Identity;
  /** What a server of the eras with a handshake may ask for. */
  readonly capabilities: JsonObject;
  readonly timeoutMs: number;
  /** How long the server may take until it is ready. */
  readonly startTimeoutMs: number;
  readonly recallEra: () => unknown;
  /** `undefined` forgets. */
  readonly rememberEra: (era: Era | undefined, guessed: boolean) => void;
  /** True once the process is gone. */
  readonly isLost: () => boolean;
}

/** Finds the server's era, unless it is known, and opens the conversation in it. */
export async function shakeHands(needs: Needs): Promise<Negotiated> {
  const remembered = needs.recallEra();
  const known = knownEra(needs.wanted, remembered, needs.clock.nowMs());
  const guessed = isObject(remembered) && remembered['guessed'] === true;
  let negotiated: Negotiated;
  let isSure = true;
  if (known === undefined) ({ negotiated, isSure } = await probe(needs));
  else if (needs.wanted !== 'auto') negotiated = await openIn(needs, known);
  else negotiated = await openAsRemembered(needs, known, guessed);
  if (needs.wanted === 'auto' && isSure && (negotiated.era !== known || guessed)) {
    needs.rememberEra(negotiated.era, false);
  }
  return negotiated;
}

async function openAsRemembered(needs: Needs, known: Era, guessed: boolean): Promise<Negotiated> {
  try {
    return await openIn(needs, known);
  } catch (error) {
    if (needs.isLost()) {
      if (guessed) needs.rememberEra(undefined, false);
      throw error;
    }
    if (!(error instanceof RefusedByServer)) throw error;
    // The server changed since it was probed.
    return openIn(needs, known === 'legacy' ? 'modern' : 'legacy');
  }
}

function openIn(needs: Needs, era: Era): Promise<Negotiated> {
  return era === 'legacy' ? initialize(needs) : discover(needs);
}

async function initialize(needs: Needs): Promise<Negotiated> {
  const result = await needs.conversation.ask(
    'initialize',
    {
      protocolVersion: newestLegacyVersion,
      capabilities: needs.capabilities,
      clientInfo: needs.identity,
    },
    needs.timeoutMs,
  );
  const version = result['protocolVersion'];
  if (typeof version !== 'string') {
    throw new Problem(
      'conversation_failed',
      `Server "${needs.server}" answered initialize without a protocolVersion`,
    );
  }
  return { era: 'legacy', protocolVersion: version, result };
}

async function discover(needs: Needs): Promise<Negotiated> {
  const result = await needs.conversation.ask(
    'server/discover',
    { _meta: envelope(modernVersion, needs.identity) },
    needs.timeoutMs,
  );
  const verdict = judgeDiscover(result);
  if (verdict.kind === 'modern') {
    return { era: 'modern', protocolVersion: modernVersion, result };
  }
  const why = verdict.kind === 'legacy' ? `it does not serve ${modernVersion}` : verdict.why;
  throw new RefusedByServer({ code: 0, message: why });
}

type Probed =
  | { readonly kind: 'modern'; readonly negotiated: Negotiated }
  | Exclude<Verdict, { kind: 'modern' }>
  | { readonly kind: 'silent' };

/** Asks for the era; not sure of it when the server answered in both, of which only one can go on. */
async function probe(needs: Needs): Promise<{ negotiated: Negotiated; isSure: boolean }> {
  const asked = judged(needs);
  const first = await Promise.race([asked, silence(needs)]);
  if (first.kind === 'silent') return askBothWays(needs, asked);
  if (first.kind === 'modern') return { negotiated: first.negotiated, isSure: true };
  if (first.kind === 'legacy') return { negotiated: await initialize(needs), isSure: true };
  throw new Problem(
    'conversation_failed',
    `Cannot open a conversation with server "${needs.server}": ${first.why}`,
  );
}

/** The handshake holds when it is answered, as it was asked for last; else a late answer to `server/discover` does. */
async function askBothWays(needs: Needs, asked: Promise<Probed>) {
  let isBoth = false;
  if (needs.over === 'pipe') sayWhichEra(needs);
  const shaken = initialize(needs);
  const late = asked.then(async (probed) => {
    if (probed.kind !== 'modern') throw new Problem('conversation_failed', 'It is not modern');
    isBoth = true;
    await Promise.race([shaken.catch(() => undefined), silence(needs)]);
    return probed.negotiated;
  });
  const negotiated = await Promise.any([shaken, late]).catch((errors: AggregateError) => {
    throw errors.errors[0];
  });
  return { negotiated, isSure: negotiated.era === 'modern' || !isBoth };
}

/**
 * A `ping` of the new era: one that knows it takes that for its choice, and refuses the handshake; all others may be sent
 * `ping` before it (2025-11-25, lifecycle). What is answered does not matter.
 */
function sayWhichEra({ conversation, identity, timeoutMs }: Needs): void {
  const params = { _meta: envelope(modernVersion, identity) };
  conversation.ask('ping', params, timeoutMs).catch(() => undefined);
}

async function judged(needs: Needs): Promise<Probed> {
  try {
    return { kind: 'modern', negotiated: await discover(needs) };
  } catch (error) {
    if (error instanceof RefusedByServer) {
      const verdict =
        error.error.code === 0 ? ({ kind: 'legacy' } as const) : judgeDiscoverError(error.error);
      return verdict.kind === 'modern' ? { kind: 'legacy' } : verdict;
    }
    if (needs.isLost()) {
      // Some servers of the old era exit on any request before initialize: the next start spares them the question.
      needs.rememberEra('legacy', true);
      return { kind: 'unusable', why: `it ended when asked for its era: ${messageChain(error)}` };
    }
    if (error instanceof Problem && error.code.startsWith('sign_in_')) throw error;
    const status = error instanceof Problem ? error.details?.['status'] : undefined;
    if (typeof status === 'number' && status < 500 && status !== 401 && status !== 403) {
      return { kind: 'legacy' };
    }
    return { kind: 'unusable', why: messageChain(error) };
  }
}

function silence({ clock, over, startTimeoutMs }: Needs): Promise<Probed> {
  return new Promise((resolve) => {
    const patienceMs = Math.min(probePatienceMs[over], startTimeoutMs / 3);
    clock.after(patienceMs, () => resolve({ kind: 'silent' }));
  });
}
