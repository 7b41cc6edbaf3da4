import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How often it is looked whether the daemon rests. */
const lookMs = 5_000;
/** A process that used less of a core than this since the last look rests: nobody notices a pause of 20 ms. */
const restingShare = 0.02;
/**
 * Collections in a row, a look apart: V8 gives back the space for young objects, which is most of what there is to
 * give, only when it has seen that little is allocated, and it sees that from one collection to the next.
 */
const collectionsInRow = 2;
/** A process that used more of a core than this works; below it, what is used is V8's own as likely as ours. */
const workingShare = 0.1;
/** Work of less leaves little. */
const worthCpuMs = 400;
/**
 * Garbage of a rest that is worth a collection of some 100 ms of CPU: samples of 25 servers, taken every second, leave
 * that much in eight minutes.
 */
const worthBytes = 8_388_608;

/**
 * Collects garbage after a start or a stretch of work, when the process has come to rest, and when a long rest has left
 * some. V8 collects when memory is asked for, so a daemon at rest would keep what its start left: measured with 50
 * servers, 98 MB resident instead of 83. The result ends it.
 */
export function collectWhenQuiet(): () => void {
  let count = 0;
  const look = createRestWatch({
    cpuMs: ownCpuMs,
    heapBytes: () => getHeapStatistics().used_heap_size,
    collect() {
      collectGarbage(count < collectionsInRow ? 'start' : 'work');
      count += 1;
    },
  });
  const timer = setInterval(() => look(performance.now()), lookMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Looks, when called, whether enough was done or left since the last collection and nothing is done now. */
export function createRestWatch(needs: {
  readonly cpuMs: () => number;
  readonly heapBytes: () => number;
  readonly collect: () => void;
}): (nowMs: number) => void {
  let workedCpuMs = 0;
  let lastCpuMs = 0;
  let lastMs = 0;
  /** A start leaves much, however quick the machine. */
  let due = collectionsInRow;
  /** After the last collection. */
  let heapBytes = Number.POSITIVE_INFINITY;
  return (nowMs) => {
    const usedCpuMs = needs.cpuMs() - lastCpuMs;
    const share = usedCpuMs / (nowMs - lastMs);
    const isResting = share < restingShare;
    if (share >= workingShare) workedCpuMs += usedCpuMs;
    if (workedCpuMs >= worthCpuMs) {
      workedCpuMs = 0;
      due = collectionsInRow;
    }
    const isFull = needs.heapBytes() - heapBytes >= worthBytes;
    if (isResting && (due > 0 || isFull)) {
      due = Math.max(0, due - 1);
      needs.collect();
      heapBytes = needs.heapBytes();
    }
    lastCpuMs = needs.cpuMs();
    lastMs = nowMs;
  };
}

/** Switches of V8 while garbage is collected, and what they are otherwise. */
type Switch = readonly [during: string, after: string];
const asked: Switch = ['--expose-gc', '--no-expose-gc'];
/** Half empty pages are joined: 2.7 MB with one server. */
const joined: Switch = ['--compact-on-every-full-gc', '--no-compact-on-every-full-gc'];
/** Code that did not run since the collection before is dropped, to be compiled again if called: 1.4 MB. */
const dropped: Switch = ['--bytecode-old-age=1', '--bytecode-old-age=5'];

/**
 * Collects garbage now, for about 20 ms; after the start also the code that only a start runs. V8 has no
 * other way to ask for it; the context holds the function only.
 */
export function collectGarbage(of: 'start' | 'work'): void {
  const switches = of === 'start' ? [asked, joined, dropped] : [asked, joined];
  for (const [during] of switches) setFlagsFromString(during);
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  for (const [, after] of switches) setFlagsFromString(after);
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
