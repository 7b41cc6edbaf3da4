import {
  type ProcessFamily,
  sendSignal,
  signalFamilySoon,
  waitForFamily,
} from './end-processes.ts';
import type { RunnerInside } from './inside.ts';
import type { NextSight } from './sights.ts';

/** How long a stdio server may take to leave after the end of its input, before SIGTERM; MCP lifecycle, "Shutdown". */
const endOfInputMs = 300;

/**
 * Stops an instance: calls in flight finish, then the end of input, then SIGTERM to the whole family; the instance
 * table's deadline brings SIGKILL. It is over when the family is gone, not when its leader is.
 */
export async function endInstance(inside: RunnerInside): Promise<void> {
  const { needs, run } = inside;
  const { spec, generation } = run;
  const isOver = () => !inside.isCurrent(generation) || run.state !== 'stopping';
  // Held by SIGSTOP it could neither finish a call nor hear that it is to leave.
  if (run.body !== undefined) void signalFamilySoon(run.body.family, 'SIGCONT', needs.nextSight);
  const expected = run.wanted === 'running' ? 'back' : 'gone';
  if (spec.kind !== 'service') {
    needs.conversations.expect(spec.name, expected, run.why);
    if (needs.conversations.inFlight(spec.name, run.index) > 0) {
      await needs.conversations.drain(spec.name, run.index, spec.stop.drainMs);
      if (isOver()) return;
      inside.arm(spec.stop.graceMs);
    }
    needs.conversations.close({
      ...{ server: spec.name, index: run.index, generation },
      ...{ reason: run.why, expected, unread: [] },
    });
  }
  await endFamily(inside, isOver);
  // The group is seen empty a moment before the exit of a child of ours is told.
  for (let tries = 0; isExitDue(inside) && tries < exitTries; tries += 1) await pause(exitPauseMs);
  if (isOver()) return;
  inside.died(run.pendingExit ?? { kind: 'unknown' });
}

const exitPauseMs = 5;
const exitTries = 40;

function isExitDue({ run }: RunnerInside): boolean {
  return run.body !== undefined && !run.adopted && run.pendingExit === undefined;
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

async function endFamily(inside: RunnerInside, isOver: () => boolean): Promise<void> {
  const { body, spec } = inside.run;
  const { nextSight } = inside.needs;
  if (body === undefined) return;
  if (spec.kind === 'stdio') {
    body.endInput();
    const termAtMs = performance.now() + Math.min(endOfInputMs, spec.stop.graceMs / 3);
    const isTooLate = () =>
      isOver() || inside.run.kill.signal.aborted || performance.now() >= termAtMs;
    if (await waitForFamily(body.family, isTooLate, { nextSight })) return;
  }
  if (!inside.run.kill.signal.aborted) await signalFamilySoon(body.family, 'SIGTERM', nextSight);
  const isOverOrKilled = () => isOver() || inside.run.kill.signal.aborted;
  const { signal } = inside.run.kill;
  if (await waitForFamily(body.family, isOverOrKilled, { nextSight, wake: signal })) return;
  // Once killed it is gone in a moment: looked at as often again as at first.
  await waitForFamily(body.family, isOver, { nextSight, signal: 'SIGKILL' });
}

/** How long after a crash strays are searched: late enough not to delay the restart. */
const sweepAfterMs = 50;

/** After a crash: what the dead leader left in its group is killed at once, what left the group a moment later. */
export function sweepAfterDeath(family: ProcessFamily, nextSight: NextSight): void {
  // Its exit was told just now, so the number cannot have been given away.
  sendSignal(-family.pid, 'SIGKILL');
  // Whoever was seen is remembered here: the sampler forgets a leader that is gone.
  const seen = family.seen?.() ?? [];
  const rest = { ...family, seen: () => seen };
  setTimeout(() => void signalFamilySoon(rest, 'SIGKILL', nextSight), sweepAfterMs).unref();
}
