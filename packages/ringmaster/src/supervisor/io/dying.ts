import { describeExit } from '../exit.ts';
import type { Exit } from '../instance.ts';
import { isRunning } from '../instance-table.ts';
import { tellingLines } from '../last-words.ts';
import { awaitSignIn, countDeaths, decideRestart, type RestartDecision } from '../restart.ts';
import type { RunnerInside } from './inside.ts';
import { noteMemoryKill } from './over-limit.ts';
import { asleepWhy, deathWhy, type Run } from './run.ts';
import { sweepAfterDeath } from './stopping.ts';

/** Lines kept of a dead server's last output. */
const lastLineCount = 20;
/** So many lines are looked through for the error that a long trace begins with. */
const readLineCount = 400;

/**
 * A process is gone: calls in flight end at once, what it left is swept away, and the restart decision becomes the next
 * signal. `given` is the reason where the exit alone does not tell it.
 */
export function handleDeath(inside: RunnerInside, exit: Exit, given?: string): void {
  const { needs, run } = inside;
  const { body, spec, state } = run;
  if (!isRunning(state)) return;
  const decision = decide(inside, exit);
  noteMemoryKill(inside);
  const why = given ?? deathWhy(run, exit);
  const isToSleep = wasAsked(run) && run.wanted === 'running';
  // Nothing failed when a server only says who may use it.
  const isAsked = wasAsked(run) || run.awaitsSignIn;
  const isBack = (decision.kind === 'retry' && !run.awaitsSignIn) || isToSleep;
  const expected = isBack ? 'back' : 'gone';
  needs.conversations.close({
    ...{ server: spec.name, index: run.index, generation: run.generation },
    ...{ reason: why, expected, unread: body?.unread() ?? [] },
  });
  if (decision.kind !== 'rest')
    needs.conversations.expect(spec.name, expected, `${why}; ${decision.why}`);
  void report(inside, { exit, why, next: decision.why, isAsked });
  body?.release();
  if (body !== undefined) sweepAfterDeath(body.family, needs.nextSight);
  run.body = undefined;
  run.startedAtMs = undefined;
  run.readySinceTickMs = undefined;
  run.negotiated = undefined;
  follow(inside, decision, why);
}

function wasAsked(run: Run): boolean {
  return run.state === 'stopping' && run.stopCause !== 'trouble';
}

function decide({ needs, run }: RunnerInside, exit: Exit): RestartDecision {
  if (wasAsked(run)) {
    run.deathsInARow = 0;
    if (run.wanted === 'stopped' || run.stopCause === 'idle') return { kind: 'rest', why: run.why };
    return { kind: 'retry', delayMs: 0, why: run.why };
  }
  const readyAt = run.readySinceTickMs;
  const readyForMs = readyAt === undefined ? 0 : needs.clock.tickMs() - readyAt;
  const { restart } = run.spec;
  if (run.awaitsSignIn) return awaitSignIn;
  run.deathsInARow = countDeaths(run.deathsInARow, { readyForMs, stableMs: restart.stableMs });
  return decideRestart(restart, {
    exit,
    wanted: run.wanted,
    wasTrouble: run.state === 'stopping' && run.stopCause === 'trouble',
    deathsInARow: run.deathsInARow,
    chance: needs.chance(),
  });
}

function follow({ run, signal }: RunnerInside, decision: RestartDecision, why: string): void {
  if (run.wanted === 'running' && run.state === 'stopping' && run.stopCause === 'idle') {
    signal('diedToSleep', asleepWhy(run));
    return;
  }
  if (decision.kind === 'rest') {
    run.wanted = 'stopped';
    // The table knows no rest without a stop: what ended for good by itself takes both steps at once.
    if (run.state !== 'stopping') signal('stop', why);
    signal('diedAsAsked', decision.why);
    return;
  }
  run.nextDelayMs = decision.delayMs;
  signal(decision.kind === 'retry' ? 'diedRetry' : 'diedGiveUp', `${why}; ${decision.why}`);
}

/** Remembers the death at once, and journals it when its last lines have been read. */
async function report(
  { needs, run }: RunnerInside,
  death: {
    readonly exit: Exit;
    readonly why: string;
    readonly next: string;
    readonly isAsked: boolean;
  },
): Promise<void> {
  const { exit, why } = death;
  const server = run.spec.name;
  const pid = run.body?.family.pid;
  const { generation } = run;
  const record = { atMs: needs.clock.nowMs(), exit, lastLines: [] as readonly string[], why };
  run.lastDeath = record;
  const pipe = run.body?.logPipe;
  const written = pipe === undefined ? [] : await needs.logs.lastLines(pipe, readLineCount);
  const lastLines = tellingLines(written, lastLineCount);
  if (run.lastDeath === record) run.lastDeath = { ...record, lastLines };
  needs.append({
    ...{ atMs: record.atMs, kind: 'instance.died', subject: server, index: run.index, generation },
    ...(pid === undefined ? {} : { pid }),
    ...(exit.kind === 'exited' ? { code: exit.code } : {}),
    ...(exit.kind === 'signalled' ? { signal: exit.signal } : {}),
    ...{ exit: describeExit(exit), expected: death.isAsked, why, next: death.next },
    lastLines: [...lastLines],
  });
}
