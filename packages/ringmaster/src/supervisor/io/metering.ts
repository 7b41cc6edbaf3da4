import type { Cancel, Clock } from '../../clock.ts';
import {
  type MetricSample,
  type MetricValues,
  machineSubject,
  type RecordSamples,
} from '../../journal/metrics.ts';
import type { InstanceView } from '../instance.ts';
import { createSampleRings, untilNextSampleMs } from '../sample-ring.ts';
import { cpuPercent } from '../tree-cpu.ts';
import { createMachineSampler } from './machine-sampler.ts';
import { openFilesOf, pssBytesOf, type Sample, type Sampler } from './sampler.ts';

/** Collaborators of the metering. */
export interface MeteringNeeds {
  readonly clock: Clock;
  readonly dataDir: string;
  /** Every instance, freshly sampled. */
  readonly views: () => readonly InstanceView[];
  readonly sampler: Pick<Sampler, 'latest' | 'machineProcessCount'>;
  readonly record: RecordSamples;
}

/** Samples servers and machine in the background. */
export interface Metering {
  /** The newest samples of a server or the machine, oldest first; at most 100. */
  recent(subject: string, count: number): readonly MetricSample[];
  /** Samples this often from now on, at once the first time. */
  setSampleMs(sampleMs: number): void;
  stop(): void;
}

/** Descriptors are counted at most this often: 20 µs a process. */
const openFilesEveryMs = 30_000;
/** Proportional memory is read at most this often: 60 µs a process. */
const pssEveryMs = 60_000;
/** Timers of round moments may be a little apart; what is due within this is due now. */
const dueEarlyMs = 500;

/** Metering that waits for `setSampleMs`. */
export function createMetering(needs: MeteringNeeds): Metering {
  const { clock, views, sampler } = needs;
  const machine = createMachineSampler(needs.dataDir);
  const rings = createSampleRings();
  const isFilesDue = createTurn(openFilesEveryMs);
  const isPssDue = createTurn(pssEveryMs);
  let before = new Map<number, Sample>();
  let sampleMs: number | undefined;
  const cancel: Cancel = () => {};

  function take(): void {
    const instances = Map.groupBy(views(), ({ server }) => server);
    const atMs = clock.nowMs();
    const parts = { atMs, openFiles: isFilesDue(), pss: isPssDue() };
    const samples: MetricSample[] = [
      { atMs, subject: machineSubject, values: { ...machine.take(), ...processCount() } },
    ];
    const next = new Map<number, Sample>();
    for (const [subject, members] of instances) {
      const values = valuesOf(members, parts, next);
      if (values !== undefined) samples.push({ atMs, subject, values });
    }
    before = next;
    rings.add(samples, new Set([machineSubject, ...instances.keys()]));
    needs.record(samples);
  }
}
