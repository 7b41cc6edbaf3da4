import type { Clock } from '../../clock.ts';
import { messageChain, Problem } from '../../errors.ts';
import type { Negotiated } from '../../supervisor/conversation.ts';
import { type Era, envelope, greeting, type Identity } from '../bridge.ts';
import { judgeDiscover, judgeDiscoverError, knownEra, type Verdict } from '../era.ts';
import { isObject, type JsonObject } from '../messages.ts';
import { modernVersion } from '../protocol.ts';
import type { Conversation } from './conversation.ts';
import { RefusedByServer } from './own-request.ts';
import type { Wire } from './wire.ts';

/**
 * How long `server/discover` may be left unanswered before anything else is tried. On a pipe that is the old way: the
 * server may just be loading, but those of both eras (SDK 2) keep to what follows, and what follows there is of the new
 * era first.
 */
const firstPatienceMs = 1_500;
/**
 * How long it may go on being silent over HTTP before it is asked the old way, if it does not even answer a question of
 * plain HTTP. One that does so is awake, and is asked at once.
 */
const longPatienceMs = 6_500;
/** How long the answers of a server that is awake may be apart, or as long as the first of them took. */
const graceMs = 250;
/** A server that works in the old era and leaves `server/discover` unanswered for so long knows no other. */
const doubtMs = 30_000;

interface Needs {
  readonly conversation: Conversation;
  readonly server: string;
  readonly knock: Wire['knock'];
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
  const result = await needs.conversation.ask('initialize', greeting(needs), needs.timeoutMs);
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
  /** HTTP 5xx: it is out of order, or fails on methods it does not know. */
  | { readonly kind: 'broken'; readonly why: string }
  | Exclude<Verdict, { kind: 'modern' }>;

/** What the server was found to speak; not sure when another start may find something else. */
interface Found {
  readonly negotiated: Negotiated;
  readonly isSure: boolean;
}

async function probe(needs: Needs): Promise<Found> {
  const asked = judged(needs);
  const { knock } = needs;
  let first = await Promise.race([asked, patience(needs, firstPatienceMs)]);
  if (first === undefined && knock === undefined) return askBothInTurn(needs, asked);
  first ??= await Promise.race([asked, signOfLife(needs)]);
  if (first === undefined) return askBothApart(needs, asked);
  if (first.kind === 'modern') return { negotiated: first.negotiated, isSure: true };
  if (first.kind === 'legacy') return { negotiated: await initialize(needs), isSure: true };
  const problem = new Problem(
    'conversation_failed',
    `Cannot open a conversation with server "${needs.server}": ${first.why}`,
  );
  if (first.kind === 'unusable') throw problem;
  const negotiated = await initialize(needs).catch(() => {
    throw problem;
  });
  return { negotiated, isSure: false };
}

/** The handshake holds when it is answered, as it was asked for last; else a late answer to `server/discover` does. */
async function askBothInTurn(needs: Needs, asked: Promise<Probed>): Promise<Found> {
  let isBoth = false;
  sayWhichEra(needs);
  const shaken = initialize(needs);
  const late = modernOf(asked).then(async (negotiated) => {
    isBoth = true;
    await Promise.race([shaken.catch(() => undefined), patience(needs, firstPatienceMs)]);
    return negotiated;
  });
  const negotiated = await firstOf(shaken, late);
  return { negotiated, isSure: negotiated.era === 'modern' || !isBoth };
}

/**
 * Each request stands for itself: the new era holds if both are answered, and a session that `initialize` began is given
 * up. Else the old era is served; it is remembered when `server/discover` was open for long, until that is answered after all.
 */
async function askBothApart(needs: Needs, asked: Promise<Probed>): Promise<Found> {
  const { clock } = needs;
  const askedTickMs = clock.tickMs();
  const late = modernOf(asked);
  const answered = late.catch(() => undefined);
  const within = (waitMs: number) => Promise.race([answered, passed(clock, waitMs)]);
  const shaken = initialize(needs).then(async (negotiated) => {
    await within(Math.max(graceMs, clock.tickMs() - askedTickMs));
    return negotiated;
  });
  const negotiated = await firstOf(shaken, late);
  if (negotiated.era === 'modern') return { negotiated, isSure: true };
  const remember = (modern: Negotiated | undefined) => {
    if (!needs.isLost()) needs.rememberEra(modern?.era ?? 'legacy', false);
  };
  void within(doubtMs).then(remember);
  void answered.then(remember);
  return { negotiated, isSure: false };
}

/** What is answered first; the failure of the first when neither is. */
function firstOf(first: Promise<Negotiated>, second: Promise<Negotiated>): Promise<Negotiated> {
  return Promise.any([first, second]).catch((errors: AggregateError) => {
    throw errors.errors[0];
  });
}

async function modernOf(asked: Promise<Probed>): Promise<Negotiated> {
  const probed = await asked;
  if (probed.kind === 'modern') return probed.negotiated;
  throw new Problem('conversation_failed', 'It is not modern');
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
    if (needs.isLost() && needs.conversation.negotiated === undefined) {
      // Some servers of the old era exit on any request before initialize: the next start spares them the question.
      needs.rememberEra('legacy', true);
      return { kind: 'unusable', why: `it ended when asked for its era: ${messageChain(error)}` };
    }
    if (error instanceof Problem && error.code.startsWith('sign_in_')) throw error;
    const status = error instanceof Problem ? error.details?.['status'] : undefined;
    const why = messageChain(error);
    if (typeof status !== 'number' || status === 401 || status === 403)
      return { kind: 'unusable', why };
    return status < 500 ? { kind: 'legacy' } : { kind: 'broken', why };
  }
}

/** Over HTTP: resolves when the server answers another question, or has answered nothing for long. */
async function signOfLife(needs: Needs): Promise<undefined> {
  const long = patience(needs, longPatienceMs);
  await Promise.race([needs.knock?.().catch(() => long), long]);
  // What was asked first may be answered a moment after what was asked last.
  await passed(needs.clock, graceMs);
}

function patience({ clock, startTimeoutMs }: Needs, longestMs: number): Promise<undefined> {
  return passed(clock, Math.min(longestMs, startTimeoutMs / 3));
}

function passed(clock: Clock, waitMs: number): Promise<undefined> {
  return new Promise((resolve) => void clock.after(waitMs, () => resolve(undefined)));
}
