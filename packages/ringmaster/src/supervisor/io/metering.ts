import type { Cancel, Clock } from '../../clock.ts';
import {
  type MetricName,
  type MetricSample,
  type MetricValues,
  machineSubject,
  type RecordSamples,
} from '../../journal/metrics.ts';
import type { Metered } from '../instance.ts';
import { createSampleRings, untilNextSampleMs } from '../sample-ring.ts';
import { cpuPercent } from '../tree-cpu.ts';
import { createTurn } from '../turn.ts';
import { createMachineSampler } from './machine-sampler.ts';
import { openFilesOf, type Sample, type Sampler } from './sampler.ts';

/** Collaborators of the metering. */
export interface MeteringNeeds {
  readonly clock: Clock;
  readonly dataDir: string;
  /** Samples the trees of all instances. */
  readonly sampleAll: () => readonly Metered[];
  /** By pid of the leader, as fresh as the last `sampleAll()`. */
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
  const { clock, latestSample } = needs;
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
    const areFilesDue = isFilesDue(atMs);
    const sampled: SampledServer[] = [];
    const next = new Map<number, Sample>();
    const servers = byServer(needs.sampleAll());
    for (const [subject, members] of servers) {
      const trees = treesOf(members, next);
      if (trees.length === 0) continue;
      const values = valuesOf(trees, members, atMs);
      if (areFilesDue) addFigure(values, 'openFiles', openFilesOf(pidsOf(trees)));
      addFigure(values, 'pssBytes', pssBytes.get(subject));
      sampled.push({ subject, trees });
      samples.push({ atMs, subject, values });
    }
    before = next;
    pssBytes = new Map();
    if (sampled.length > 0 && isPssDue(atMs)) void askPss(sampled);
    rings.add(samples, new Set([machineSubject, ...servers.keys()]));
    needs.record(samples);
  }

  function treesOf(members: readonly Metered[], next: Map<number, Sample>): SampledTree[] {
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
      const pids = pidsOf(trees);
      const memoryBytes = memoryOf(trees);
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

function byServer(all: readonly Metered[]): ReadonlyMap<string, readonly Metered[]> {
  const servers = new Map<string, Metered[]>();
  for (const one of all) {
    const members = servers.get(one.server);
    if (members === undefined) servers.set(one.server, [one]);
    else members.push(one);
  }
  return servers;
}

function pidsOf(trees: readonly SampledTree[]): number[] {
  return trees.flatMap(({ sample }) => sample.pids);
}

function memoryOf(trees: readonly SampledTree[]): number {
  return trees.reduce((sum, { sample }) => sum + sample.memoryBytes, 0);
}

/** Whether the same processes use nearly as much as when their proportional memory was read. */
function isNearly(last: PssAnswer, now: Omit<PssAnswer, 'bytes'>): boolean {
  const moved = Math.abs(now.memoryBytes - last.memoryBytes);
  return moved <= last.memoryBytes * pssStep && now.pids.join() === last.pids.join();
}

/** Figures of one sample while they are put together, in one object: this is done for every server at every sample. */
type GrowingValues = { -readonly [Name in keyof MetricValues]: MetricValues[Name] };

function addFigure(values: GrowingValues, name: MetricName, figure: number | undefined): void {
  if (figure !== undefined) values[name] = figure;
}

/** The instances of one server together, and their trees. */
function valuesOf(
  trees: readonly SampledTree[],
  members: readonly Metered[],
  nowMs: number,
): GrowingValues {
  let [memoryBytes, threads, processCount, restarts] = [0, 0, 0, 0];
  for (const { sample } of trees) {
    memoryBytes += sample.memoryBytes;
    threads += sample.threads;
    processCount += sample.processCount;
  }
  let uptimeMs: number | undefined;
  for (const member of members) {
    restarts += member.restarts;
    if (member.startedAtMs !== undefined)
      uptimeMs = Math.max(uptimeMs ?? 0, nowMs - member.startedAtMs);
  }
  const values: GrowingValues = { memoryBytes, threads, processCount, restarts };
  addFigure(values, 'uptimeMs', uptimeMs);
  addFigure(values, 'cpuPercent', cpuOf(trees));
  return values;
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
