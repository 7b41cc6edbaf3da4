import type { Cancel, Clock } from '../../clock.ts';
import { type EventKind, eventKinds } from '../../journal/events.ts';
import type { Follow } from '../../journal/followers.ts';

/** Steps are told at most so often. */
const tellMs = 250;
/** A client that waits hears at least so often that its call is still under way. */
const stillMs = 5_000;

/** What happens to processes. */
const steppingKinds = new Set(
  (Object.keys(eventKinds) as EventKind[]).filter((kind) => kind.startsWith('instance.')),
);

/** Tells one step: a number that grows from 0, and what was done. */
export type TellStep = (step: { readonly progress: number; readonly message: string }) => void;

/**
 * Does long work and tells its steps: what happened to the processes it is about (all when `server` is undefined), or
 * after a while of silence that it goes on. No total: nobody knows how many steps a restart takes.
 */
export async function withProgress<T>(
  needs: { readonly follow: Follow; readonly clock: Pick<Clock, 'after' | 'tickMs'> },
  about: { readonly server: string | undefined; readonly tell: TellStep },
  work: () => Promise<T>,
): Promise<T> {
  const { follow, clock } = needs;
  const beganTickMs = clock.tickMs();
  let steps = 0;
  let told = 0;
  let lastTickMs = beganTickMs;
  let latest = '';
  let cancel: Cancel = () => {};
  const unfollow = follow((events) => {
    for (const { kind, subject } of events) {
      if ((about.server ?? subject) !== subject) continue;
      steps += 1;
      latest = `${subject}: ${kind.slice('instance.'.length)}`;
    }
  }, steppingKinds);
  const tellLater = () => {
    cancel = clock.after(tellMs, () => {
      if (steps === told && clock.tickMs() - lastTickMs >= stillMs) {
        steps += 1;
        latest = `still at it after ${Math.round((clock.tickMs() - beganTickMs) / 1_000)} s`;
      }
      if (steps > told) tellNow();
      tellLater();
    });
  };
  const tellNow = () => {
    told = steps;
    lastTickMs = clock.tickMs();
    about.tell({ progress: steps, message: latest });
  };
  // Short work ends before the first event of it is in the journal.
  about.tell({ progress: 0, message: 'begun' });
  tellLater();
  try {
    const done = await work();
    if (steps > told) tellNow();
    return done;
  } finally {
    cancel();
    unfollow();
  }
}
