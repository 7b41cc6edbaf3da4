import type { Clock } from '../../clock.ts';
import { messageChain } from '../../errors.ts';
import { expandText } from '../../fleet/expand.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Append } from '../../journal/events.ts';
import type { Family } from '../family.ts';
import { type Resource, toMetrics, toTraces } from '../otlp.ts';
import type { Span } from '../spans.ts';

/** Sends spans and figures to a collector, if the fleet file names one. */
export interface Exporter {
  /** Follows a changed fleet file at once. */
  setFleet(fleet: Fleet): void;
  /** Share of calls to record, 0 to 1; undefined when none is. */
  sampleRatio(): number | undefined;
  /** Takes a span without waiting; it is sent within two seconds. */
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

type Signal = 'traces' | 'metrics';

/** What the exporter is given. */
export interface ExporterNeeds {
  readonly clock: Clock;
  readonly append: Append;
  readonly version: string;
  readonly families: () => Promise<readonly Family[]>;
  /** What `${VAR}` in headers stands for, looked up anew for each message. */
  readonly variables: () => Promise<Readonly<Record<string, string | undefined>>>;
}

/** Sends nothing before `setFleet`. What a collector refuses is told once as `telemetry.failed`, until it takes again. */
export function createExporter(needs: ExporterNeeds): Exporter {
  const { clock, append, version } = needs;
  const startedAtMs = clock.nowMs();
  const failing = new Set<Signal>();
  let settings: Fleet['telemetry'] | undefined;
  let resource: Resource = { version, fleet: '' };
  let waiting: Span[] = [];
  let leftOut = 0;
  let cancelSpans: (() => void) | undefined;
  let cancelMetrics: (() => void) | undefined;
  let isSending = false;
  let isClosed = false;

  async function expand(headers: Readonly<Record<string, string>>) {
    const names = Object.entries(headers);
    const variables = names.length === 0 ? {} : await needs.variables();
    return Object.fromEntries(
      names.map(([name, given]) => {
        const { text, missing } = expandText(given, (variable) => variables[variable]);
        if (missing.length > 0) throw new Error(`found no value for ${missing.join(', ')}`);
        return [name, text];
      }),
    );
  }

  async function post(signal: Signal, body: object, timeoutMs = postTimeoutMs): Promise<void> {
    const { otlp, headers } = settings ?? {};
    if (otlp === undefined) return;
    try {
      const response = await fetch(`${otlp.replace(/\/+$/, '')}/v1/${signal}`, {
        method: 'POST',
        headers: { ...(await expand(headers ?? {})), 'content-type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      if (response.ok) worked(signal);
      else failed(signal, `the collector answered ${response.status}`);
    } catch (error) {
      failed(signal, messageChain(error));
    }
  }

  function worked(signal: Signal): void {
    if (!failing.delete(signal) || isClosed) return;
    append({ atMs: clock.nowMs(), kind: 'telemetry.resumed', subject: 'daemon', signal });
  }

  function failed(signal: Signal, why: string): void {
    if (failing.has(signal) || isClosed) return;
    failing.add(signal);
    append({ atMs: clock.nowMs(), kind: 'telemetry.failed', subject: 'daemon', signal, why });
  }

  async function sendSpans(timeoutMs?: number): Promise<void> {
    cancelSpans?.();
    cancelSpans = undefined;
    // One at a time: a collector that hangs must not gather requests.
    if (isSending) return;
    isSending = true;
    const spans = waiting.splice(0, batchMax);
    if (leftOut > 0) failed('traces', `${leftOut} spans were left out: too many waited`);
    leftOut = 0;
    if (spans.length > 0) await post('traces', toTraces(spans, resource), timeoutMs);
    isSending = false;
    if (waiting.length > 0 && !isClosed) sendSoon();
  }

  function sendSoon(): void {
    if (isSending) return;
    if (waiting.length >= batchMax) void sendSpans();
    else cancelSpans ??= clock.after(spansEveryMs, () => void sendSpans());
  }

  async function sendMetrics(): Promise<void> {
    const families = await needs.families();
    const when = { startedAtMs, nowMs: clock.nowMs() };
    await post('metrics', toMetrics(families, when, resource));
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
