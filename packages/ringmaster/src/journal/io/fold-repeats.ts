import type { Cancel, Clock } from '../../clock.ts';
import type { Append } from '../events.ts';
import { createRepeats, mayRepeat } from '../repeats.ts';

/** Appends events, of refusals that repeat themselves one a minute. */
export interface Folding {
  readonly append: Append;
  /** Appends what was counted; call it before the journal is closed. */
  close(): void;
}

/** Stands before a journal; the counts of at most a minute are lost where the daemon is killed. */
export function foldRepeats(needs: { readonly append: Append; readonly clock: Clock }): Folding {
  const { append, clock } = needs;
  const repeats = createRepeats();
  let cancel: Cancel | undefined;

  function lookSoon(): void {
    // Before anything is counted: refusals may come by the thousand.
    if (cancel !== undefined) return;
    const nextTickMs = repeats.nextTickMs();
    if (nextTickMs === undefined) return;
    cancel = clock.after(Math.max(1, nextTickMs - clock.tickMs()), () => {
      cancel = undefined;
      for (const event of repeats.due(clock.tickMs())) append(event);
      lookSoon();
    });
  }

  return {
    append(event) {
      if (!mayRepeat(event)) return append(event);
      for (const told of repeats.take(event, clock.tickMs())) append(told);
      lookSoon();
    },
    close() {
      cancel?.();
      for (const event of repeats.rest()) append(event);
    },
  };
}
