import { setFlagsFromString } from 'node:v8';

/** How often it is looked whether the process works: so long a burst of calls may wait for fast code. */
const lookMs = 1_000;
/**
 * A process that used more of a core than this since the last look works: at rest it uses a hundredth of one, and where
 * others want the cores, too, it gets no more than a small share of one.
 */
const workingShare = 0.05;
/** CPU time of work without a break that is worth optimised code; one collection of garbage is less. */
const worthMs = 300;
/** So many looks without work are a rest. */
const restLooks = 60;
/** A start that takes more looks than this is followed by work at once. */
const startLooks = 30;

/**
 * Lets V8 optimise code while this process works, and not while it rests: what runs once a second would be optimised
 * function by function in the first minutes, and the compiler and what it leaves would stay in memory, 6 to 12 MiB
 * (decisions/0030). The product starts without it (`bin/bundle.js`). The result ends it.
 */
export function optimizeAtWork(): () => void {
  setFlagsFromString('--no-opt');
  const look = createWorkWatch({ nowMs: performance.now(), cpuMs: ownCpuMs, optimize });
  const timer = setInterval(() => look(performance.now()), lookMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Has V8 optimise code, or not, from now on; what is optimised stays so. */
function optimize(isWanted: boolean): void {
  setFlagsFromString(isWanted ? '--opt' : '--no-opt');
}

/** Tells, when called, whether work began or ended; the start itself, till the first rest, is none. */
export function createWorkWatch(needs: {
  readonly nowMs: number;
  readonly cpuMs: () => number;
  readonly optimize: (isWanted: boolean) => void;
}): (nowMs: number) => void {
  let lastCpuMs = needs.cpuMs();
  let lastMs = needs.nowMs;
  let workedMs = 0;
  let quietLooks = 0;
  let startLooksLeft = startLooks;
  let isOptimizing = false;
  return (nowMs) => {
    const cpuMs = needs.cpuMs();
    const usedMs = cpuMs - lastCpuMs;
    const isWorking = usedMs / (nowMs - lastMs) >= workingShare;
    lastCpuMs = cpuMs;
    lastMs = nowMs;
    startLooksLeft = isWorking ? startLooksLeft - 1 : 0;
    workedMs = isWorking && startLooksLeft < 0 ? workedMs + usedMs : 0;
    quietLooks = isWorking ? 0 : quietLooks + 1;
    const isWanted = isOptimizing ? quietLooks < restLooks : workedMs >= worthMs;
    if (isWanted !== isOptimizing) needs.optimize(isWanted);
    isOptimizing = isWanted;
  };
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
