import type { OutputOf } from 'ringmaster/operations';
import type { Histories } from './panels.ts';

type Latest = OutputOf<'metric.latest'>;

/** Most samples that the daemon keeps in memory of each server, and of the machine. */
export const ringSamples = 100;

/** The newest samples as they were taken, beside what is known of calls in the same time. */
export interface Ring {
  /** As long as so many samples take. */
  readonly rangeMs: number;
  /** When the machine was measured; every server is measured at the same moments. */
  readonly times: readonly number[];
  readonly memory: Histories['memory'];
  readonly cpu: Histories['memory'];
}

/** Samples as series: each is a point of its own, nothing is averaged. */
export function ringOf(latest: Latest, server: string): Ring {
  const { sampleMs, subjects } = latest;
  const machine = subjects.find((one) => one.server === undefined) ?? subjects[0];
  const times = machine?.samples.map(({ atMs }) => atMs) ?? [];
  const frame = {
    ...{ fromMs: times[0] ?? 0, toMs: times.at(-1) ?? 0, stepMs: sampleMs, sampleMs },
    calls: [],
  };
  const history = (metric: string, unit: string, of: Latest['subjects']) => ({
    ...frame,
    series: of.map(({ server: name, samples }) => ({
      ...(name === undefined ? {} : { server: name }),
      ...{ metric, unit },
      points: samples.flatMap(({ atMs, values }) => {
        const value = values[metric];
        if (value === undefined) return [];
        return [{ atMs, count: 1, mean: value, min: value, max: value, last: value }];
      }),
    })),
  });
  const ofServers = subjects.filter((one) => one.server !== undefined);
  return {
    ...{ rangeMs: ringSamples * sampleMs, times },
    memory: history('memoryBytes', 'B', ofServers),
    cpu: history('cpuPercent', '%', server === '' ? subjects.slice(0, 1) : ofServers),
  };
}
