import type { Clock } from '../../clock.ts';
import type { Journal, MetricsHistory } from '../../journal/journal.ts';
import { machineSubject } from '../../journal/metrics.ts';
import { stretchStartMs } from '../../journal/rollups.ts';
import { sparkMs, sparkStepMs } from '../sparks.ts';

/** What lies further back than the newest minutes is read anew this often, for what was written late. */
const wholeEveryMs = 60_000;

/**
 * The last hour of every server and of the machine by minutes. An open page asks every other second, and of sixty
 * minutes at most two can have changed: only these are read each time.
 */
export function createLastHour(needs: {
  readonly journal: Pick<Journal, 'readMetrics'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}): () => Promise<MetricsHistory> {
  const { journal, clock } = needs;
  let whole: (MetricsHistory & { readonly toMs: number }) | undefined;

  async function read(fromMs: number, toMs: number): Promise<MetricsHistory> {
    const range = { stepMs: sparkStepMs, fromMs, toMs };
    const [servers, machine] = await Promise.all([
      journal.readMetrics(range),
      journal.readMetrics({ ...range, subject: machineSubject }),
    ]);
    return { samples: [...servers.samples, ...machine.samples], calls: servers.calls };
  }

  return async () => {
    const nowMs = clock.nowMs();
    const fromMs = stretchStartMs(nowMs - sparkMs, sparkStepMs);
    // A clock that was set back is as good as none known.
    if (whole === undefined || nowMs < whole.toMs || nowMs - whole.toMs >= wholeEveryMs) {
      whole = { ...(await read(fromMs, nowMs)), toMs: nowMs };
      return whole;
    }
    const known = whole;
    const edgeMs = stretchStartMs(known.toMs, sparkStepMs) - sparkStepMs;
    const newest = await read(edgeMs, nowMs);
    const isOld = ({ atMs }: { readonly atMs: number }) => atMs >= fromMs && atMs < edgeMs;
    return {
      samples: [...known.samples.filter(isOld), ...newest.samples],
      calls: [...known.calls.filter(isOld), ...newest.calls],
    };
  };
}
