import type { Clock } from '../../clock.ts';
import { messageChain } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Append } from '../../journal/events.ts';
import type { Taken } from '../answer.ts';
import type { Family } from '../family.ts';
import { type Resource, toMetrics, toTraces } from '../otlp.ts';
import type { Span } from '../spans.ts';
import { postToCollector, type Signal, type Variables } from './collector.ts';

/** Sends spans and figures to a collector, if the fleet file names one. */
export interface Exporter {
  /** Follows a changed fleet file at once. */
  setFleet(fleet: Fleet): void;
  /** Share of calls to record, 0 to 1; undefined when none is. */
  sampleRatio(): number | undefined;
  /** Takes a span without waiting; it is sent within two seconds, or when the collector takes some again. */
  add(span: Span): void;
  /** Sends what waits, once, and ends. */
  close(): Promise<void>;
}

/** Most spans that wait; newer ones are left out, and counted. */
const waitingMax = 4_096;
const batchMax = 512;
const spansEveryMs = 2_000;
const postTimeoutMs = 10_000;
/** At the end nobody waits longer for a collector. */
const closeTimeoutMs = 2_000;
/** Spans that a collector does not take now are sent again after so long, each time twice as long. */
const againFirstMs = 1_000;
const againMostMs = 30_000;
/** Spans that it has not taken for so long are left out. */
const giveUpMs = 300_000;

/** Spans on their way, sent again until they are taken or given up. */
interface Batch {
  readonly spans: readonly Span[];
  readonly sinceTickMs: number;
  againMs: number;
}

/** What the exporter is given. */
export interface ExporterNeeds {
  readonly clock: Clock;
  readonly append: Append;
  readonly version: string;
  readonly families: () => Promise<readonly Family[]>;
  readonly variables: Variables;
}

/**
 * Sends nothing before `setFleet`. That a collector takes nothing is told once as `telemetry.failed`; when it takes again,
 * `telemetry.resumed` says how many spans were lost. Figures are not sent again: the next ones say all that those said.
 */
export function createExporter(needs: ExporterNeeds): Exporter {
  const { clock, append, version } = needs;
  const startedAtMs = clock.nowMs();
  const failing = new Set<Signal>();
  let settings: Fleet['telemetry'] | undefined;
  let resource: Resource = { version, fleet: '' };
  let waiting: Span[] = [];
  let batch: Batch | undefined;
  /** Left out because too many waited; not told yet. */
  let leftOut = 0;
  /** Left out since spans were taken last. */
  let lost = 0;
  let cancelSpans: (() => void) | undefined;
  let cancelMetrics: (() => void) | undefined;
  let isSending = false;
  let isClosed = false;

  async function post(signal: Signal, body: object, timeoutMs: number): Promise<Taken> {
    const { otlp } = settings ?? {};
    if (settings === undefined || otlp === undefined) return { kind: 'taken' };
    const posting = { signal, settings: { ...settings, otlp }, timeoutMs };
    const taken = await postToCollector(body, posting, needs);
    if (taken.kind === 'taken') worked(signal);
    else failed(signal, taken.why);
    return taken;
  }

  function worked(signal: Signal): void {
    if (!failing.delete(signal) || isClosed) return;
    const kept = { atMs: clock.nowMs(), kind: 'telemetry.resumed', subject: 'daemon' } as const;
    append({ ...kept, signal, ...(signal === 'traces' ? { lost } : {}) });
    if (signal === 'traces') lost = 0;
  }

  function failed(signal: Signal, why: string): void {
    if (failing.has(signal) || isClosed) return;
    failing.add(signal);
    append({ atMs: clock.nowMs(), kind: 'telemetry.failed', subject: 'daemon', signal, why });
  }

  async function sendSpans(timeoutMs = postTimeoutMs): Promise<void> {
    cancelSpans?.();
    cancelSpans = undefined;
    // One at a time: a collector that hangs must not gather requests.
    if (isSending) return;
    isSending = true;
    batch ??= nextBatch();
    if (leftOut > 0) failed('traces', `${leftOut} spans were left out: too many waited`);
    lost += leftOut;
    leftOut = 0;
    const againInMs = batch === undefined ? undefined : await sendBatch(batch, timeoutMs);
    isSending = false;
    if (isClosed) return;
    if (againInMs !== undefined) cancelSpans = clock.after(againInMs, () => void sendSpans());
    else if (waiting.length > 0) sendSoon();
  }

  function nextBatch(): Batch | undefined {
    const spans = waiting.splice(0, batchMax);
    if (spans.length === 0) return undefined;
    return { spans, sinceTickMs: clock.tickMs(), againMs: againFirstMs };
  }

  /** When it is to be sent again; undefined: it is done with. */
  async function sendBatch(sent: Batch, timeoutMs: number): Promise<number | undefined> {
    const taken = await post('traces', toTraces(sent.spans, resource), timeoutMs);
    const isOld = clock.tickMs() - sent.sinceTickMs >= giveUpMs;
    if (taken.kind === 'later' && !isOld) {
      const againInMs = Math.min(Math.max(sent.againMs, taken.afterMs ?? 0), againMostMs);
      sent.againMs = Math.min(2 * sent.againMs, againMostMs);
      return againInMs;
    }
    if (taken.kind === 'refused') lost += taken.lost ?? sent.spans.length;
    if (taken.kind === 'later') lost += sent.spans.length;
    batch = undefined;
    return undefined;
  }

  function sendSoon(): void {
    if (isSending || batch !== undefined) return;
    if (waiting.length >= batchMax) void sendSpans();
    else cancelSpans ??= clock.after(spansEveryMs, () => void sendSpans());
  }

  async function sendMetrics(): Promise<void> {
    const families = await needs.families();
    const when = { startedAtMs, nowMs: clock.nowMs() };
    await post('metrics', toMetrics(families, when, resource), postTimeoutMs);
  }

  function metricsSoon(): void {
    cancelMetrics?.();
    cancelMetrics = undefined;
    if (isClosed || settings?.otlp === undefined || !settings.metrics) return;
    cancelMetrics = clock.after(settings.intervalMs, () => {
      sendMetrics()
        .catch((error: unknown) => failed('metrics', messageChain(error)))
        .finally(metricsSoon);
    });
  }

  return {
    setFleet(fleet) {
      settings = fleet.telemetry;
      resource = { version, fleet: fleet.name };
      metricsSoon();
    },
    sampleRatio: () =>
      settings?.otlp === undefined || !settings.traces ? undefined : settings.sampleRatio,
    add(span) {
      if (isClosed) return;
      if (waiting.length >= waitingMax) {
        leftOut += 1;
        return;
      }
      waiting.push(span);
      sendSoon();
    },
    async close() {
      isClosed = true;
      cancelMetrics?.();
      await sendSpans(closeTimeoutMs);
      waiting = [];
    },
  };
}
