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
import { createTurn } from '../turn.ts';
import { createMachineSampler } from './machine-sampler.ts';
import { openFilesOf, type Sample, type Sampler } from './sampler.ts';

/** Collaborators of the metering. */
export interface MeteringNeeds {
  readonly clock: Clock;
  readonly dataDir: string;
  /** Every instance, freshly sampled. */
  readonly views: () => readonly InstanceView[];
  /** By pid of the leader, as fresh as the last `views()`. */
  readonly latestSample: Sampler['latest'];
  readonly record: RecordSamples;
  /** Sessions of clients, which are sampled with the machine. */
  readonly sessions: () => number;
  /** Proportional memory of some processes. */
  readonly pssBytesOf: (pids: readonly number[]) => Promise<number | undefined>;
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
/** Proportional memory is asked for at most this often; it stands in the sample that follows. */
const pssEveryMs = 60_000;
/** A tree whose resident memory moved less than this share since is not read again: it costs 2 ms a process. */
const pssStep = 1 / 32;
/** A server at one look. */
interface SampledServer {
  readonly subject: string;
  readonly trees: readonly SampledTree[];
}

interface SampledTree {
  readonly sample: Sample;
  readonly before: Sample | undefined;
}

/** Proportional memory, and of what. */
interface PssAnswer {
  readonly bytes: number;
  readonly pids: readonly number[];
  readonly memoryBytes: number;
}

/** Metering that waits for `setSampleMs`. */
export function createMetering(needs: MeteringNeeds): Metering {
  const { clock, views, latestSample } = needs;
  const machine = createMachineSampler(needs.dataDir);
  const rings = createSampleRings();
  const isFilesDue = createTurn(openFilesEveryMs);
  const isPssDue = createTurn(pssEveryMs);
  let before = new Map<number, Sample>();
  let pssBytes = new Map<string, number>();
  let lastPss: ReadonlyMap<string, PssAnswer> = new Map();
  let isAskingPss = false;
  let sampleMs: number | undefined;
  let cancel: Cancel = () => {};

  function take(): void {
    const atMs = clock.nowMs();
    const machineValues = { ...machine.take(atMs), sessions: needs.sessions() };
    const samples: MetricSample[] = [{ atMs, subject: machineSubject, values: machineValues }];
    const due = { openFiles: isFilesDue(atMs) };
    const sampled: SampledServer[] = [];
    const next = new Map<number, Sample>();
    const servers = byServer(views());
    for (const [subject, members] of servers) {
      const trees = treesOf(members, next);
      if (trees.length === 0) continue;
      const values = { ...valuesOfTrees(trees, due), ...valuesOfViews(members, atMs) };
      const pss = pssBytes.get(subject);
      sampled.push({ subject, trees });
      samples.push({
        atMs,
        subject,
        values: pss === undefined ? values : { ...values, pssBytes: pss },
      });
    }
    before = next;
    pssBytes = new Map();
    if (sampled.length > 0 && isPssDue(atMs)) void askPss(sampled);
    rings.add(samples, new Set([machineSubject, ...servers.keys()]));
    needs.record(samples);
  }

  function treesOf(members: readonly InstanceView[], next: Map<number, Sample>): SampledTree[] {
    const trees: SampledTree[] = [];
    for (const { pid } of members) {
      const sample = pid === undefined ? undefined : latestSample(pid);
      if (pid === undefined || sample === undefined) continue;
      next.set(pid, sample);
      trees.push({ sample, before: before.get(pid) });
    }
    return trees;
  }

  /** One process at a time, beside everything else; never two rounds at once. */
  async function askPss(sampled: readonly SampledServer[]): Promise<void> {
    if (isAskingPss) return;
    isAskingPss = true;
    const answers = new Map<string, PssAnswer>();
    for (const { subject, trees } of sampled) {
      const pids = trees.flatMap(({ sample }) => sample.pids);
      const memoryBytes = sumOf(trees, ({ sample }) => sample.memoryBytes);
      const last = lastPss.get(subject);
      const isKnown = last !== undefined && isNearly(last, { pids, memoryBytes });
      const bytes = isKnown ? last.bytes : await needs.pssBytesOf(pids);
      if (bytes === undefined) continue;
      answers.set(subject, isKnown ? last : { bytes, pids, memoryBytes });
      pssBytes.set(subject, bytes);
    }
    lastPss = answers;
    isAskingPss = false;
  }

  function takeAndWait(everyMs: number): void {
    take();
    cancel = clock.after(untilNextSampleMs(clock.nowMs(), everyMs), () => takeAndWait(everyMs));
  }

  return {
    recent: rings.recent,
    setSampleMs(next) {
      if (next === sampleMs) return;
      cancel();
      sampleMs = next;
      takeAndWait(next);
    },
    stop() {
      cancel();
      machine.close();
    },
  };
}

function byServer(views: readonly InstanceView[]): ReadonlyMap<string, readonly InstanceView[]> {
  const servers = new Map<string, InstanceView[]>();
  for (const view of views) {
    const members = servers.get(view.server);
    if (members === undefined) servers.set(view.server, [view]);
    else members.push(view);
  }
  return servers;
}

function sumOf<Item>(items: readonly Item[], figure: (item: Item) => number): number {
  let sum = 0;
  for (const item of items) sum += figure(item);
  return sum;
}

/** Whether the same processes use nearly as much as when their proportional memory was read. */
function isNearly(last: PssAnswer, now: Omit<PssAnswer, 'bytes'>): boolean {
  const moved = Math.abs(now.memoryBytes - last.memoryBytes);
  return moved <= last.memoryBytes * pssStep && now.pids.join() === last.pids.join();
}

/** The trees of one server together. */
function valuesOfTrees(
  trees: readonly SampledTree[],
  due: { readonly openFiles: boolean },
): MetricValues {
  const cpu = cpuOf(trees);
  const openFiles = due.openFiles
    ? openFilesOf(trees.flatMap(({ sample }) => sample.pids))
    : undefined;
  return {
    ...(cpu === undefined ? {} : { cpuPercent: cpu }),
    memoryBytes: sumOf(trees, ({ sample }) => sample.memoryBytes),
    threads: sumOf(trees, ({ sample }) => sample.threads),
    processCount: sumOf(trees, ({ sample }) => sample.processCount),
    ...(openFiles === undefined ? {} : { openFiles }),
  };
}

/** Undefined while none of the trees was sampled before. */
function cpuOf(trees: readonly SampledTree[]): number | undefined {
  let sum: number | undefined;
  for (const { sample, before } of trees) {
    if (before === undefined) continue;
    const elapsedMs = sample.atTickMs - before.atTickMs;
    const share = cpuPercent(sample.cpuTicks - before.cpuTicks, elapsedMs);
    if (share !== undefined) sum = (sum ?? 0) + share;
  }
  return sum;
}

function valuesOfViews(members: readonly InstanceView[], nowMs: number): MetricValues {
  const started = members.flatMap(({ startedAtMs }) => startedAtMs ?? []);
  return {
    restarts: sumOf(members, ({ restarts }) => restarts),
    ...(started.length === 0 ? {} : { uptimeMs: Math.max(0, nowMs - Math.min(...started)) }),
  };
}
