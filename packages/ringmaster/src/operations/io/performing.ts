import type { Clock } from '../../clock.ts';
import type { Append } from '../../journal/events.ts';
import { endedEvent, type Perform } from '../asked.ts';
import type { Handlers } from '../index.ts';
import { performOperation } from '../perform.ts';
import { routes } from '../routes.ts';

/** Does operations for every door, and records each that may change the world, whatever becomes of it. */
export function createPerform(needs: {
  readonly handlers: Handlers;
  readonly append: Append;
  readonly clock: Pick<Clock, 'nowMs' | 'tickMs'>;
}): Perform {
  const { handlers, append, clock } = needs;
  return async (name, given, asker) => {
    const startedTickMs = clock.tickMs();
    const working = performOperation(handlers, name, given);
    if (routes[name].effect === 'reads') return working;
    const tell = (failure: { readonly error?: unknown }): void => {
      const tookMs = clock.tickMs() - startedTickMs;
      append(endedEvent({ name, given, asker, atMs: clock.nowMs(), tookMs, ...failure }));
    };
    try {
      const output = await working;
      tell({});
      return output;
    } catch (error) {
      tell({ error });
      throw error;
    }
  };
}
