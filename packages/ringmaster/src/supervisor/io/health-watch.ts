import type { Cancel } from '../../clock.ts';
import { messageChain } from '../../errors.ts';
import { probeDelayMs } from '../probe-beat.ts';
import type { RunnerInside } from './inside.ts';
import { runProbes } from './readiness.ts';

/**
 * Probes a ready instance until cancelled: `sick` after `failAfter` failures in a row, `healthy` at the next success.
 * While calls are in flight a missing answer to the protocol's probe proves nothing: the server may simply be at work.
 */
export function watchHealth(inside: RunnerInside): Cancel {
  const { needs, run } = inside;
  const generation = run.generation;
  let failures = 0;
  let cancelTimer: Cancel = () => {};
  let isCancelled = false;

  async function look(): Promise<void> {
    try {
      await probeOnce(inside);
      failures = 0;
      if (!isCancelled && inside.isCurrent(generation))
        inside.signal('healthy', 'its probes pass again');
    } catch (error) {
      failures += 1;
      run.trouble = messageChain(error);
      const isSick = failures >= run.spec.health.failAfter;
      if (isSick && !isCancelled && inside.isCurrent(generation))
        inside.signal('sick', `${failuresText(failures)}: ${run.trouble}`);
    }
    plan();
  }

  function plan(delayMs = run.spec.health.intervalMs): void {
    if (isCancelled || !inside.isCurrent(generation)) return;
    const nowMs = needs.clock.nowMs();
    cancelTimer = needs.clock.after(probeDelayMs(delayMs, nowMs), () => void look());
  }

  // Chance decides the beat, so that servers that became ready together are not all probed together.
  plan(run.spec.health.intervalMs * (1 - needs.chance() / 2));
  return () => {
    isCancelled = true;
    cancelTimer();
  };
}

async function probeOnce({ needs, run }: RunnerInside): Promise<void> {
  const { spec } = run;
  const { timeoutMs } = spec.health;
  if (spec.kind !== 'service' && needs.conversations.inFlight(spec.name, run.index) === 0)
    await needs.conversations.probe(spec.name, run.index, timeoutMs);
  await runProbes(run.probes, timeoutMs);
}

function failuresText(failures: number): string {
  return failures === 1 ? '1 probe failed' : `${failures} probes failed in a row`;
}
