import type { Clock } from '../../clock.ts';
import type { Append } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import { endedEvent, type Perform } from '../asked.ts';
import type { Handlers } from '../index.ts';
import { performOperation } from '../perform.ts';
import { routes } from '../routes.ts';

/** An answer waits this long for its record to be on the disk; on a disk that takes nothing it goes out without. */
const writtenWithinMs = 1_000;

/**
 * Does operations for every door, and records each that may change the world, whatever becomes of it. What was answered
 * is on the disk: a daemon that is killed right after knows what somebody stopped.
 */
export function createPerform(needs: {
  readonly handlers: Handlers;
  readonly append: Append;
  readonly flushWithin: Journal['flushWithin'];
  readonly clock: Pick<Clock, 'nowMs' | 'tickMs'>;
}): Perform {
  const { handlers, append, clock } = needs;
  return async (name, given, asker) => {
    const startedTickMs = clock.tickMs();
    const working = performOperation(handlers, name, given);
    if (routes[name].effect === 'reads') return working;
    const tell = async (failure: { readonly error?: unknown }): Promise<void> => {
      const tookMs = clock.tickMs() - startedTickMs;
      append(endedEvent({ name, given, asker, atMs: clock.nowMs(), tookMs, ...failure }));
      await needs.flushWithin(writtenWithinMs);
    };
    try {
      const output = await working;
      await tell({});
      return output;
    } catch (error) {
      await tell({ error });
      throw error;
    }
  };
}
