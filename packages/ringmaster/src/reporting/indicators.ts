import { z } from 'zod';
import type { Figures } from './figures.ts';

/** One figure at a glance. */
export const indicator = z.object({
  name: z.enum(['response', 'errors', 'memory']),
  level: z.enum(['good', 'fair', 'poor', 'unknown']),
  value: z.number().optional().describe('ms, per cent, or bytes'),
  fairFrom: z.number(),
  poorAbove: z.number(),
  n: z.int().describe('Calls or samples it rests on'),
});
export type Indicator = z.output<typeof indicator>;

/**
 * From where a figure is fair, and above which it is poor: 95 of 100 calls within 3 s and 5 s, 2 and 5 % of calls that
 * fail, 400 and 512 MB of the server that needs most.
 */
const limits = {
  response: { fairFrom: 3_000, poorAbove: 5_000 },
  errors: { fairFrom: 2, poorAbove: 5 },
  memory: { fairFrom: 400_000_000, poorAbove: 512_000_000 },
} as const;

/** The figures at a glance; one that rests on nothing is unknown. */
export function indicatorsOf({ calls, servers }: Figures): Indicator[] {
  const heaviest = servers
    .flatMap(({ memoryBytes }) => memoryBytes ?? [])
    .toSorted((one, other) => other.mean - one.mean)[0];
  const failedPercent = calls.calls === 0 ? undefined : (100 * calls.failed) / calls.calls;
  return [
    judge('response', calls.p95Ms, calls.calls),
    judge('errors', failedPercent, calls.calls),
    judge('memory', heaviest?.mean, heaviest?.samples ?? 0),
  ];
}

function judge(name: Indicator['name'], value: number | undefined, n: number): Indicator {
  const { fairFrom, poorAbove } = limits[name];
  if (value === undefined) return { name, level: 'unknown', fairFrom, poorAbove, n };
  const level = value < fairFrom ? 'good' : value <= poorAbove ? 'fair' : 'poor';
  return { name, level, value, fairFrom, poorAbove, n };
}
