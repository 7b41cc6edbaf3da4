/** Who is compared with whom: the rounds that all comparisons of calls are made of. */
import { cpuMs, inRoot, type Target } from '../processes.ts';
import { type Asked, createLoad, type Era, type Round } from './load.ts';

/** One side of a comparison. */
export interface Contender {
  readonly name: string;
  readonly target: Target;
  readonly era: Era;
  /** CPU it uses without being called, in milliseconds a second; not counted as a cost of calls. */
  readonly restMsPerSecond?: number;
}

/** A round of calls, and what it cost the process that was called. */
export interface Measured extends Round {
  readonly cpuMsPerCall: number;
}

/** A contender with its rounds, in the order they were run. */
export interface Compared extends Contender {
  readonly rounds: readonly Measured[];
}

/** The server behind every target. */
export const echo = {
  command: process.execPath,
  args: [inRoot('bench/dist/gateway/echo-child.js')],
};

/** Code is compiled and connections are open after this long. */
const warmUpMs = 1_500;

/**
 * Rounds in turn, as the machine's speed drifts; every other one the other way round, so that nobody always follows the
 * same one.
 */
export async function compareRounds(
  contenders: readonly Contender[],
  how: {
    readonly inFlight: number;
    readonly rounds: number;
    readonly durationMs: number;
    readonly asked?: Asked;
  },
): Promise<readonly Compared[]> {
  const sides = await Promise.all(
    contenders.map(async (contender) => ({
      ...contender,
      load: await createLoad(contender.target.url, contender.era, how.inFlight, how.asked),
      rounds: [] as Measured[],
    })),
  );
  for (const { load } of sides) await load.run(warmUpMs);
  for (let round = 0; round < how.rounds; round += 1)
    for (const { load, target, rounds, restMsPerSecond = 0 } of round % 2 === 0
      ? sides
      : sides.toReversed()) {
      const beforeMs = cpuMs(target.pid);
      const result = await load.run(how.durationMs);
      const restMs = (restMsPerSecond * result.tookMs) / 1_000;
      rounds.push({
        ...result,
        cpuMsPerCall: (cpuMs(target.pid) - beforeMs - restMs) / result.calls,
      });
    }
  await Promise.all(sides.map(({ load }) => load.close()));
  return sides;
}

/** Calls a second. */
export function rateOf({ calls, tookMs }: Round): number {
  return (calls * 1_000) / tookMs;
}

/** The latency that `share` (0 to 1) of a round's calls did not exceed, in milliseconds. */
export function latencyMs({ latenciesMs }: Round, share: number): number {
  return latenciesMs[Math.floor(latenciesMs.length * share)] ?? 0;
}
