import type { Cancel, Clock } from '../../clock.ts';
import { messageChain } from '../../errors.ts';
import type { Append } from '../../journal/events.ts';
import type { RunRecord } from '../record.ts';
import { writeRunRecord } from './state-file.ts';

/** Keeps the record of what runs as new as it can. */
export interface RunKeeper {
  /** One write for all changes of a few milliseconds; a process not on record yet would be found by its mark. */
  saveSoon(): void;
  save(): void;
  /** From now on nothing is saved by itself. */
  end(): void;
}

/**
 * Changes are gathered so long: a restart after a crash is then written once, after the new process was started, not
 * before it too (the system may take 10 ms and more to replace a file), and a start of many in a few writes.
 */
const gatherMs = 5;
/** Pause before a record that could not be written is tried again. */
const tryAgainMs = 1_000;

/**
 * A keeper of `run/instances.json`. On a full disk, or one that became read-only, servers must be looked after all the
 * same: it is told of once, and tried again until it works. A daemon that dies meanwhile leaves servers without a
 * record, which the next one finds by their marks, ends and starts anew.
 */
export function createRunKeeper(needs: {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly append: Append;
  readonly record: () => RunRecord;
}): RunKeeper {
  const { dataDir, clock, append, record } = needs;
  let isDue = false;
  let hasEnded = false;
  let isTold = false;
  let cancel: Cancel = () => {};
  let cancelSoon: Cancel = () => {};

  function save(): void {
    isDue = false;
    cancel();
    cancelSoon();
    try {
      writeRunRecord(dataDir, record());
      isTold = false;
    } catch (error) {
      const why = messageChain(error);
      if (!isTold) append({ atMs: clock.nowMs(), kind: 'record.unsaved', subject: 'daemon', why });
      isTold = true;
      cancel = clock.after(tryAgainMs, () => {
        if (!hasEnded) save();
      });
    }
  }

  return {
    save,
    saveSoon() {
      if (isDue || hasEnded) return;
      isDue = true;
      cancelSoon = clock.after(gatherMs, save);
    },
    end() {
      hasEnded = true;
      cancel();
      cancelSoon();
    },
  };
}
