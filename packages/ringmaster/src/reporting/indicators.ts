import { z } from 'zod';
import type { Figures } from './figures.ts';

/** One figure at a glance. */
export const indicator = z.object({
  name: z.enum(['response', 'cacheMisses', 'errors', 'sessions', 'memory']),
  level: z.enum(['good', 'fair', 'poor', 'unknown']),
  value: z.number().optional().describe('ms, per cent, sessions, or bytes'),
  fairFrom: z.number(),
  poorAbove: z.number(),
  n: z.int().describe('Calls or samples it rests on'),
});
export type Indicator = z.output<typeof indicator>;

/** Share of `sessions.max` from which sessions are many. */
const manySessionsShare = 0.8;

/**
 * From where a figure is fair, and above which it is poor: 95 of 100 calls within 3 s and 5 s, 40 and 60 % of requests
 * that no cache answers, 2 and 5 % of calls that fail, 400 and 512 MB of the server that needs most. Sessions are
 * judged by the fleet file (12 of 15 are many); at `sessions.max` the longest idle ones are forgotten.
 */
const limits = {
  response: { fairFrom: 3_000, poorAbove: 5_000 },
  cacheMisses: { fairFrom: 40, poorAbove: 60 },
  errors: { fairFrom: 2, poorAbove: 5 },
  memory: { fairFrom: 400_000_000, poorAbove: 512_000_000 },
} as const;

type Limits = Pick<Indicator, 'fairFrom' | 'poorAbove'>;

/** The figures at a glance; one that rests on nothing is unknown. */
export function indicatorsOf(
  { calls, servers, machine: { sessions } }: Figures,
  sessionsMax: number,
): Indicator[] {
  const heaviest = servers
    .flatMap(({ memoryBytes }) => memoryBytes ?? [])
    .toSorted((one, other) => other.mean - one.mean)[0];
  const failedPercent = calls.calls === 0 ? undefined : (100 * calls.failed) / calls.calls;
  const many = { fairFrom: manySessionsShare * sessionsMax, poorAbove: sessionsMax - 1 };
  return [
    { name: 'response', ...judge(limits.response, calls.p95Ms, calls.calls) },
    // Answers are not cached, so there is nothing to count.
    { name: 'cacheMisses', ...judge(limits.cacheMisses, undefined, 0) },
    { name: 'errors', ...judge(limits.errors, failedPercent, calls.calls) },
    { name: 'sessions', ...judge(many, sessions?.max, sessions?.samples ?? 0) },
    { name: 'memory', ...judge(limits.memory, heaviest?.mean, heaviest?.samples ?? 0) },
  ];
}

function judge(
  { fairFrom, poorAbove }: Limits,
  value: number | undefined,
  n: number,
): Omit<Indicator, 'name'> {
  if (value === undefined) return { level: 'unknown', fairFrom, poorAbove, n };
  const level = value > poorAbove ? 'poor' : value < fairFrom ? 'good' : 'fair';
  return { level, value, fairFrom, poorAbove, n };
}
