import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { BeginTrace } from '../../gateway/trace.ts';
import { paramsBelow, placeSpan } from '../spans.ts';
import { createTally, type Tally } from '../tally.ts';
import { createExporter, type ExporterNeeds } from './exporter.ts';

/** What the daemon tells other tools. */
export interface Telemetry {
  readonly tally: Tally;
  readonly beginTrace: BeginTrace;
  /** Follows a changed fleet file at once. */
  setFleet(fleet: Fleet): void;
  /** Sends what waits, once, and ends. */
  close(): Promise<void>;
}

/** Counts from now on; tells nobody before `setFleet`. */
export function createTelemetry(needs: ExporterNeeds & { readonly clock: Clock }): Telemetry {
  const { clock } = needs;
  const exporter = createExporter(needs);
  return {
    tally: createTally(),
    setFleet: exporter.setFleet,
    close: exporter.close,
    beginTrace(params) {
      const ratio = exporter.sampleRatio();
      if (ratio === undefined) return undefined;
      const randomHex = () => randomBytes(24).toString('hex');
      const place = placeSpan(params, { ratio, chance: Math.random, randomHex });
      if (place === undefined) return undefined;
      const [startedAtMs, startedTickMs] = [clock.nowMs(), clock.tickMs()];
      return {
        params: paramsBelow(params, place),
        finished: (call) =>
          exporter.add({ ...place, startedAtMs, tookMs: clock.tickMs() - startedTickMs, call }),
      };
    },
  };
}
