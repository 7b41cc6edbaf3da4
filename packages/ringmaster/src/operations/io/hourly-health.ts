import type { Cancel, Clock } from '../../clock.ts';
import type { Append } from '../../journal/events.ts';
import type { Handlers } from '../index.ts';

const hourMs = 3_600_000;
/** A timer may end a little before the hour, by the clock of the day; that hour is done then. */
const earlyMs = 1_000;

/** Writes to the journal at every full hour (of UTC) how the whole is; the result ends it. */
export function recordHealthHourly(needs: {
  readonly clock: Clock;
  readonly append: Append;
  readonly check: Handlers['daemon.health'];
}): () => void {
  const { clock, append, check } = needs;
  let cancel: Cancel;

  async function record(): Promise<void> {
    const { overall, checks } = await check({});
    const of = (wanted: string): string[] =>
      checks.filter(({ result }) => result === wanted).map((one) => one.check);
    const told = { overall, failing: of('fail'), warning: of('warn') };
    append({ atMs: clock.nowMs(), kind: 'health.checked', subject: 'daemon', ...told });
  }

  function soon(): Cancel {
    const leftMs = hourMs - (clock.nowMs() % hourMs);
    return clock.after(leftMs < earlyMs ? leftMs + hourMs : leftMs, () => {
      cancel = soon();
      // Each check tells its own failure; without the journal there is nowhere to record one.
      record().catch(() => {});
    });
  }

  cancel = soon();
  return () => cancel();
}
