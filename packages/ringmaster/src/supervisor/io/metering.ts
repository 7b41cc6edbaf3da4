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
/** A tree whose resident memory moved less than this since is not read again: it costs 2 ms a process. */
const pssStepBytes = 1_048_576;
/** Timers of round moments may be a little apart; what is due within this is due now. */
const dueEarlyMs = 500;

/** A tree whose proportional memory is wanted; the same `state` has, near enough, the same answer. */
interface PssQuestion {
  readonly pids: readonly number[];
  readonly state: string;
}

interface PssAnswer {
  readonly state: string;
  readonly bytes: number;
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

  const machineValues = () => ({ ...machine.take(), sessions: needs.sessions() });

  function take(): void {
    const atMs = clock.nowMs();
    const samples: MetricSample[] = [{ atMs, subject: machineSubject, values: machineValues() }];
    const due = { openFiles: isFilesDue(atMs) };
    const questions = new Map<string, PssQuestion>();
    const next = new Map<number, Sample>();
    const servers = byServer(views());
    for (const [subject, members] of servers) {
      const trees = members.flatMap(({ pid }) => {
        const sample = pid === undefined ? undefined : latestSample(pid);
        if (pid === undefined || sample === undefined) return [];
        next.set(pid, sample);
        return [{ sample, before: before.get(pid) }];
      });
      if (trees.length === 0) continue;
      const values = { ...valuesOfTrees(trees, due), ...valuesOfViews(members, atMs) };
      const pss = pssBytes.get(subject);
      const pids = trees.flatMap(({ sample }) => sample.pids);
      const memoryBytes = trees.reduce((sum, { sample }) => sum + sample.memoryBytes, 0);
      const state = `${pids.join()} ${Math.round(memoryBytes / pssStepBytes)}`;
      questions.set(subject, { pids, state });
      samples.push({
        atMs,
        subject,
        values: pss === undefined ? values : { ...values, pssBytes: pss },
      });
    }
    before = next;
    pssBytes = new Map();
    if (questions.size > 0 && isPssDue(atMs)) void askPss(questions);
    rings.add(samples, new Set([machineSubject, ...servers.keys()]));
    needs.record(samples);
  }

  /** One process at a time, beside everything else; never two rounds at once. */
  async function askPss(questions: ReadonlyMap<string, PssQuestion>): Promise<void> {
    if (isAskingPss) return;
    isAskingPss = true;
    const answers = new Map<string, PssAnswer>();
    for (const [subject, { pids, state }] of questions) {
      const last = lastPss.get(subject);
      const bytes = last?.state === state ? last.bytes : await needs.pssBytesOf(pids);
      if (bytes === undefined) continue;
      answers.set(subject, { state, bytes });
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
  for (const view of views) servers.set(view.server, [...(servers.get(view.server) ?? []), view]);
  return servers;
}

/** Says yes at most once in so long; a clock that is set back starts anew. */
function createTurn(everyMs: number): (nowMs: number) => boolean {
  let lastMs: number | undefined;
  return (nowMs) => {
    const sinceMs = nowMs - (lastMs ?? Number.NEGATIVE_INFINITY);
    if (sinceMs >= 0 && sinceMs < everyMs - dueEarlyMs) return false;
    lastMs = nowMs;
    return true;
  };
}

/** The trees of one server together. */
function valuesOfTrees(
  trees: readonly { readonly sample: Sample; readonly before: Sample | undefined }[],
  due: { readonly openFiles: boolean },
): MetricValues {
  const sum = (of: (sample: Sample) => number) =>
    trees.reduce((all, { sample }) => all + of(sample), 0);
  const shares = trees.flatMap(({ sample, before }) =>
    before === undefined
      ? []
      : (cpuPercent(sample.cpuTicks - before.cpuTicks, sample.atTickMs - before.atTickMs) ?? []),
  );
  const openFiles = due.openFiles
    ? openFilesOf(trees.flatMap(({ sample }) => sample.pids))
    : undefined;
  return {
    ...(shares.length === 0 ? {} : { cpuPercent: shares.reduce((all, share) => all + share, 0) }),
    memoryBytes: sum((sample) => sample.memoryBytes),
    threads: sum((sample) => sample.threads),
    processCount: sum((sample) => sample.processCount),
    ...(openFiles === undefined ? {} : { openFiles }),
  };
}

function valuesOfViews(members: readonly InstanceView[], nowMs: number): MetricValues {
  const started = members.flatMap(({ startedAtMs }) => startedAtMs ?? []);
  return {
    restarts: members.reduce((sum, { restarts }) => sum + restarts, 0),
    ...(started.length === 0 ? {} : { uptimeMs: Math.max(0, nowMs - Math.min(...started)) }),
  };
}
