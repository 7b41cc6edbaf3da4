/**
 * Fields of the messages of OTLP as JSON, from the definitions in opentelemetry/proto (`collector`, `common`,
 * `resource`, `trace` and `metrics`, all v1): a value is the type of a field, a name leads to another message.
 */
const messages: Readonly<Record<string, Readonly<Record<string, string | readonly [string]>>>> = {
  ExportTraceServiceRequest: { resourceSpans: ['ResourceSpans'] },
  ResourceSpans: { resource: 'Resource', scopeSpans: ['ScopeSpans'], schemaUrl: 'string' },
  ScopeSpans: { scope: 'Scope', spans: ['Span'], schemaUrl: 'string' },
  Span: {
    ...{ traceId: 'hex32', spanId: 'hex16', parentSpanId: 'hex16', traceState: 'string' },
    ...{ flags: 'number', name: 'string', kind: 'number', status: 'Status' },
    ...{ startTimeUnixNano: 'digits', endTimeUnixNano: 'digits', attributes: ['KeyValue'] },
  },
  Status: { message: 'string', code: 'number' },
  ExportMetricsServiceRequest: { resourceMetrics: ['ResourceMetrics'] },
  ResourceMetrics: { resource: 'Resource', scopeMetrics: ['ScopeMetrics'], schemaUrl: 'string' },
  ScopeMetrics: { scope: 'Scope', metrics: ['Metric'], schemaUrl: 'string' },
  Metric: {
    ...{ name: 'string', description: 'string', unit: 'string' },
    ...{ gauge: 'Gauge', sum: 'Sum', histogram: 'Histogram' },
  },
  Gauge: { dataPoints: ['NumberDataPoint'] },
  Sum: {
    ...{ dataPoints: ['NumberDataPoint'], aggregationTemporality: 'number' },
    isMonotonic: 'boolean',
  },
  Histogram: { dataPoints: ['HistogramDataPoint'], aggregationTemporality: 'number' },
  NumberDataPoint: {
    ...{ attributes: ['KeyValue'], startTimeUnixNano: 'digits', timeUnixNano: 'digits' },
    ...{ asDouble: 'number', asInt: 'digits' },
  },
  HistogramDataPoint: {
    ...{ attributes: ['KeyValue'], startTimeUnixNano: 'digits', timeUnixNano: 'digits' },
    ...{ count: 'digits', sum: 'number', min: 'number', max: 'number' },
    ...{ bucketCounts: ['digits'], explicitBounds: ['number'] },
  },
  Resource: { attributes: ['KeyValue'] },
  Scope: { name: 'string', version: 'string', attributes: ['KeyValue'] },
  KeyValue: { key: 'string', value: 'AnyValue' },
  AnyValue: {
    ...{ stringValue: 'string', boolValue: 'boolean', intValue: 'digits', doubleValue: 'number' },
  },
};

/** How 64-bit numbers and ids travel in OTLP/JSON. */
const texts: Readonly<Record<string, RegExp>> = {
  digits: /^\d{1,20}$/,
  hex32: /^[0-9a-f]{32}$/,
  hex16: /^[0-9a-f]{16}$/,
};

/** What a collector is sent, by its name in the definitions. */
export type ExportType = 'ExportTraceServiceRequest' | 'ExportMetricsServiceRequest';

/** Everything in a message that the definitions do not know, or have as another type; at most 20. */
export function otlpFaults(message: ExportType, value: unknown): string[] {
  return faultsOf(message, value, message).slice(0, 20);
}

function faultsOf(type: string, value: unknown, path: string): string[] {
  const pattern = texts[type];
  if (pattern !== undefined)
    return typeof value === 'string' && pattern.test(value) ? [] : [`${path}: is no ${type}`];
  const fields = messages[type];
  if (fields === undefined || typeof value !== 'object' || value === null)
    return fields === undefined && typeof value === type ? [] : [`${path}: is no ${type}`];
  return Object.entries(value).flatMap(([name, own]) => {
    const wanted = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const at = `${path}.${name}`;
    if (wanted === undefined) return [`${at}: is no field of ${type}`];
    if (typeof wanted === 'string') return faultsOf(wanted, own, at);
    if (!Array.isArray(own)) return [`${at}: is no list`];
    return own.flatMap((one, index) => faultsOf(wanted[0], one, `${at}[${index}]`));
  });
}
