import type { Cancel, Clock } from '../../clock.ts';
import type { Append } from '../../journal/events.ts';
import type { Conversations } from '../conversation.ts';
import {
  decidePool,
  freshMemory,
  type PoolDecision,
  type PoolFacts,
  type PoolMember,
  type PoolRules,
} from '../pool.ts';

/** Keeps the number of a server's instances at what is asked of it. */
export interface PoolKeeper {
  /** Looks at once, as something changed. */
  look(): void;
  /** Plans no further look; the next `look` begins anew. */
  rest(): void;
}

/** What a pool is made of, and what can be done to it. */
export interface PoolHands {
  readonly server: string;
  rules(): PoolRules;
  /** Where each instance is in its life. */
  phases(): readonly Pick<PoolMember, 'index' | 'phase'>[];
  grow(count: number, why: string): void;
  retire(indexes: readonly number[], why: string): void;
  sleep(why: string): void;
}

/** A keeper that looks when it is told to, and by itself only while a pool is under load or larger than it must be. */
export function createPoolKeeper(
  needs: {
    readonly clock: Clock;
    readonly append: Append;
    readonly conversations: Pick<Conversations, 'load'>;
  },
  hands: PoolHands,
): PoolKeeper {
  const { clock, append, conversations } = needs;
  let memory = freshMemory;
  let cancel: Cancel = () => {};
  let isLooking = false;
  let isDue = false;

  /** What is done changes what is seen: that is looked at once it is done. */
  function look(): void {
    isDue = true;
    if (isLooking) return;
    isLooking = true;
    while (isDue) lookOnce();
    isLooking = false;
  }

  function lookOnce(): void {
    isDue = false;
    cancel();
    const facts = factsNow();
    const verdict = decidePool(facts, memory, clock.tickMs());
    memory = verdict.memory;
    if (verdict.againInMs !== undefined) cancel = clock.after(verdict.againInMs, look);
    perform(verdict.decision, facts);
  }

  function factsNow(): PoolFacts {
    const load = conversations.load(hands.server);
    const members = hands.phases().map(({ index, phase }): PoolMember => {
      const link = load.links.get(index);
      // What nobody speaks with yet is nobody's.
      const own = link ?? { inFlight: 0, use: 'free' as const, idleSinceTickMs: undefined };
      return { index, phase, ...own };
    });
    return { rules: hands.rules(), members, ...load };
  }

  function perform(decision: PoolDecision, { members }: PoolFacts): void {
    if (decision.kind === 'stay') return;
    const from = members.filter(({ phase }) => phase !== 'down').length;
    const { why } = decision;
    const note = (to: number) =>
      append({
        ...{ atMs: clock.nowMs(), kind: 'pool.scaled', subject: hands.server },
        ...{ from, to, why },
      });
    switch (decision.kind) {
      case 'grow':
        note(from + decision.count);
        return hands.grow(decision.count, why);
      case 'retire':
        note(from - decision.indexes.length);
        return hands.retire(decision.indexes, why);
      case 'sleep':
        note(0);
        return hands.sleep(why);
    }
  }

  return {
    look,
    rest() {
      cancel();
      memory = freshMemory;
    },
  };
}
