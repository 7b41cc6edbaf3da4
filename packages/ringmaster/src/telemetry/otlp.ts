import type { Family, Labels, Sample } from './family.ts';
import type { Span } from './spans.ts';

/** Who tells: attributes of the resource in every message. */
export interface Resource {
  readonly version: string;
  /** Name of the fleet. */
  readonly fleet: string;
}

/** Numbers of OTLP's enumerations, from opentelemetry/proto/trace/v1 and metrics/v1. */
const spanKindServer = 2;
const statusError = 2;
const cumulative = 2;
const scope = { name: 'ringmaster' };

/** Spans as OTLP/JSON for `/v1/traces`; attributes as OpenTelemetry's conventions for MCP name them. */
export function toTraces(spans: readonly Span[], resource: Resource): object {
  const scopeSpans = [{ scope, spans: spans.map(spanOf) }];
  return { resourceSpans: [{ resource: resourceOf(resource), scopeSpans }] };
}

/** Families as OTLP/JSON for `/v1/metrics`, under the names Prometheus gets; counters began at `startedAtMs`. */
export function toMetrics(
  families: readonly Family[],
  when: { readonly startedAtMs: number; readonly nowMs: number },
  resource: Resource,
): object {
  const stamps = { startTimeUnixNano: nanos(when.startedAtMs), timeUnixNano: nanos(when.nowMs) };
  const metrics = families
    .filter(({ samples }) => samples.length > 0)
    .map((family) => metricOf(family, stamps));
  const scopeMetrics = [{ scope, metrics }];
  return { resourceMetrics: [{ resource: resourceOf(resource), scopeMetrics }] };
}

function spanOf(span: Span): object {
  const { call, startedAtMs, tookMs, traceId, spanId, parentSpanId, traceState } = span;
  const { method, name, outcome, why, session, client, subject } = call;
  const attributes = attributesOf({
    'mcp.method.name': method,
    ...(name === undefined ? {} : { [nameAttribute(method)]: name }),
    ...(session === undefined ? {} : { 'mcp.session.id': session }),
    ...(client === undefined ? {} : { 'ringmaster.client': client }),
    'ringmaster.server': subject,
    'ringmaster.outcome': outcome,
    ...(outcome === 'ok' ? {} : { 'error.type': outcome }),
  });
  return {
    ...{ traceId, spanId, ...(parentSpanId === undefined ? {} : { parentSpanId }) },
    ...(traceState === undefined ? {} : { traceState }),
    name: name === undefined || method === 'resources/read' ? method : `${method} ${name}`,
    kind: spanKindServer,
    startTimeUnixNano: nanos(startedAtMs),
    endTimeUnixNano: nanos(startedAtMs + tookMs),
    attributes,
    ...(outcome === 'ok' ? {} : { status: { code: statusError, message: why ?? outcome } }),
  };
}

function nameAttribute(method: string): string {
  if (method.startsWith('tools/')) return 'gen_ai.tool.name';
  return method.startsWith('prompts/') ? 'gen_ai.prompt.name' : 'mcp.resource.uri';
}

type Stamps = Readonly<Record<'startTimeUnixNano' | 'timeUnixNano', string>>;

function metricOf({ name, type, help, ends = [], samples }: Family, stamps: Stamps): object {
  const dataPoints = samples.map((sample) => pointOf(sample, ends, stamps));
  const told = { name, description: help };
  if (type === 'gauge') return { ...told, gauge: { dataPoints } };
  const temporality = { aggregationTemporality: cumulative };
  return type === 'counter'
    ? { ...told, sum: { dataPoints, isMonotonic: true, ...temporality } }
    : { ...told, histogram: { dataPoints, ...temporality } };
}

function pointOf(sample: Sample, ends: readonly number[], stamps: Stamps): object {
  const attributes = attributesOf(sample.labels);
  if ('value' in sample) return { attributes, ...stamps, asDouble: sample.value };
  const count = sample.buckets.reduce((sum, one) => sum + one, 0);
  return {
    ...{ attributes, ...stamps, sum: sample.sum, count: String(count) },
    ...{ bucketCounts: sample.buckets.map(String), explicitBounds: ends },
  };
}

function resourceOf({ version, fleet }: Resource): object {
  const attributes = attributesOf({
    'service.name': 'ringmaster',
    'service.version': version,
    'service.instance.id': fleet,
  });
  return { attributes };
}

function attributesOf(labels: Labels): readonly object[] {
  return Object.entries(labels).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

/** OTLP/JSON writes 64-bit numbers as text. */
function nanos(atMs: number): string {
  return `${BigInt(Math.round(atMs * 1_000)) * 1_000n}`;
}
