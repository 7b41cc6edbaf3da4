import type { Cancel, Clock } from '../../clock.ts';
import { createSampler, type Sample } from './sampler.ts';

/** Looks at the process trees whose limits the kernel does not keep, all of them together. */
export interface ResourceWatch {
  /** Calls back with each look, until that says that it is done. The sample is undefined while there is no process. */
  add(leader: number, look: (sample: Sample | undefined) => 'again' | 'done'): void;
  close(): void;
}

/** The operators of pm2, which looks every 30 s, find the machine dead before (Unitech/pm2#2391, #4238). */
const lookEveryMs = 1_000;
/** New children count after this time at most. */
const treesKeptMs = 5_000;

/** A watch that looks at nothing, and costs nothing, until something is added. */
export function createResourceWatch(clock: Clock): ResourceWatch {
  const sampler = createSampler(clock.tickMs, { treesKeptMs });
  const looks = new Map<number, (sample: Sample | undefined) => 'again' | 'done'>();
  let cancel: Cancel | undefined;

  function lookAtAll(): void {
    sampler.take([...looks.keys()]);
    for (const [leader, look] of looks)
      if (look(sampler.latest(leader)) === 'done') looks.delete(leader);
    cancel = looks.size === 0 ? undefined : clock.after(lookEveryMs, lookAtAll);
  }

  return {
    add(leader, look) {
      looks.set(leader, look);
      cancel ??= clock.after(lookEveryMs, lookAtAll);
    },
    close() {
      cancel?.();
      sampler.close();
    },
  };
}
