import type { Clock } from '../../clock.ts';
import type { Append } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import { type Act, actOf, cutOffEvent, endedEvent, type Perform } from '../asked.ts';
import type { Handlers } from '../index.ts';
import { performOperation } from '../perform.ts';
import { routes } from '../routes.ts';

/** An act, or its answer, waits this long for its record to be on the disk; a disk that takes nothing holds up none. */
const writtenWithinMs = 1_000;
/** Facts about acts that have begun and not ended, by an id of their own. */
const begunFact = 'operationBegun';

interface Begun {
  readonly act: Act;
  readonly beganAtMs: number;
}

/** What records of acts need. */
interface RecordNeeds {
  readonly append: Append;
  readonly journal: Pick<Journal, 'recallAll' | 'remember' | 'flushWithin'>;
  readonly clock: Pick<Clock, 'nowMs' | 'tickMs'>;
}

/**
 * Does operations for every door, and records each that may change the world, whatever becomes of it: that it begins is
 * on the disk before anything is done, how it ended before it is answered. So a daemon that is killed in the middle, or
 * right after, leaves the next one to know.
 */
export function createPerform(
  needs: RecordNeeds & { readonly handlers: Handlers; readonly newId: () => string },
): Perform {
  const { handlers, append, journal, clock } = needs;
  return async (name, given, asker) => {
    if (routes[name].effect === 'reads') return performOperation(handlers, name, given);
    const id = needs.newId();
    const begun: Begun = { act: actOf(name, given, asker), beganAtMs: clock.nowMs() };
    journal.remember(begunFact, id, begun);
    await journal.flushWithin(writtenWithinMs);
    const startedTickMs = clock.tickMs();
    const tell = async (failure: { readonly error?: unknown }): Promise<void> => {
      const tookMs = clock.tickMs() - startedTickMs;
      append(endedEvent({ act: begun.act, atMs: clock.nowMs(), tookMs, ...failure }));
      journal.remember(begunFact, id, undefined);
      await journal.flushWithin(writtenWithinMs);
    };
    try {
      const output = await performOperation(handlers, name, given);
      await tell({});
      return output;
    } catch (error) {
      await tell({ error });
      throw error;
    }
  };
}

/** Tells of every act that an earlier daemon had begun and did not live to finish; before this one does any. */
export function tellCutOffActs({ append, journal, clock }: RecordNeeds): void {
  for (const [id, fact] of journal.recallAll(begunFact)) {
    const { act, beganAtMs } = fact as Begun;
    const began = new Date(beganAtMs).toISOString();
    append(cutOffEvent(act, { began, atMs: clock.nowMs() }));
    journal.remember(begunFact, id, undefined);
  }
}
