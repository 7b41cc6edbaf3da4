import type { ExportType } from './otlp-fields.ts';

type Field = readonly [name: string, type: string, isList?: 'list'];

/** Fields by number, from the definitions in opentelemetry/proto; read here as OTLP/JSON would name them. */
const messages: Readonly<Record<string, Readonly<Record<number, Field>>>> = {
  ExportTraceServiceRequest: { 1: ['resourceSpans', 'ResourceSpans', 'list'] },
  ResourceSpans: { 1: ['resource', 'Resource'], 2: ['scopeSpans', 'ScopeSpans', 'list'] },
  ScopeSpans: { 1: ['scope', 'Scope'], 2: ['spans', 'Span', 'list'] },
  Span: {
    ...{ 1: ['traceId', 'hex'], 2: ['spanId', 'hex'], 3: ['traceState', 'text'] },
    ...{ 4: ['parentSpanId', 'hex'], 5: ['name', 'text'], 6: ['kind', 'varint'] },
    ...{ 7: ['startTimeUnixNano', 'fixed64'], 8: ['endTimeUnixNano', 'fixed64'] },
    ...{ 9: ['attributes', 'KeyValue', 'list'], 15: ['status', 'Status'] },
  },
  Status: { 2: ['message', 'text'], 3: ['code', 'varint'] },
  ExportMetricsServiceRequest: { 1: ['resourceMetrics', 'ResourceMetrics', 'list'] },
  ResourceMetrics: { 1: ['resource', 'Resource'], 2: ['scopeMetrics', 'ScopeMetrics', 'list'] },
  ScopeMetrics: { 1: ['scope', 'Scope'], 2: ['metrics', 'Metric', 'list'] },
  Metric: {
    ...{ 1: ['name', 'text'], 2: ['description', 'text'], 3: ['unit', 'text'] },
    ...{ 5: ['gauge', 'Points'], 7: ['sum', 'Sum'], 9: ['histogram', 'Histogram'] },
  },
  Points: { 1: ['dataPoints', 'NumberDataPoint', 'list'] },
  Sum: {
    ...{ 1: ['dataPoints', 'NumberDataPoint', 'list'], 2: ['aggregationTemporality', 'varint'] },
    3: ['isMonotonic', 'bool'],
  },
  Histogram: {
    ...{ 1: ['dataPoints', 'HistogramDataPoint', 'list'], 2: ['aggregationTemporality', 'varint'] },
  },
  NumberDataPoint: {
    ...{ 2: ['startTimeUnixNano', 'fixed64'], 3: ['timeUnixNano', 'fixed64'] },
    ...{ 4: ['asDouble', 'double'], 7: ['attributes', 'KeyValue', 'list'] },
  },
  HistogramDataPoint: {
    ...{ 2: ['startTimeUnixNano', 'fixed64'], 3: ['timeUnixNano', 'fixed64'] },
    ...{ 4: ['count', 'fixed64'], 5: ['sum', 'double'], 6: ['bucketCounts', 'fixed64s'] },
    ...{ 7: ['explicitBounds', 'doubles'], 9: ['attributes', 'KeyValue', 'list'] },
  },
  Resource: { 1: ['attributes', 'KeyValue', 'list'] },
  Scope: { 1: ['name', 'text'], 2: ['version', 'text'] },
  KeyValue: { 1: ['key', 'text'], 2: ['value', 'AnyValue'] },
  AnyValue: { 1: ['stringValue', 'text'] },
};

/** Protobuf as what OTLP/JSON would say; throws on a field or a wire type that the definitions do not have. */
export function readProtobuf(type: ExportType, bytes: Buffer): object {
  return readMessage(type, bytes);
}

function readMessage(type: string, bytes: Buffer): object {
  const found: Record<string, unknown> = {};
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes.readUInt8(at);
      at += 1;
      value += (byte % 128) * shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new Error(`${type} ends in the middle of a field`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const field = messages[type]?.[Math.floor(tag / 8)];
    if (field === undefined) throw new Error(`${type} has no field ${Math.floor(tag / 8)}`);
    const [name, kind, isList] = field;
    const wire = tag % 8;
    if (wire !== wireOf(kind)) throw new Error(`${type}.${name} has wire type ${wire}`);
    const value =
      wire === 0
        ? readVarint(kind, varint())
        : readBytes(kind, wire === 1 ? take(8) : take(varint()));
    if (isList === undefined) found[name] = value;
    else found[name] = [...((found[name] as unknown[] | undefined) ?? []), value];
  }
  return found;
}

function wireOf(kind: string): number {
  if (kind === 'varint' || kind === 'bool') return 0;
  return kind === 'fixed64' || kind === 'double' ? 1 : 2;
}

function readVarint(kind: string, value: number): unknown {
  return kind === 'bool' ? value === 1 : value;
}

function readBytes(kind: string, bytes: Buffer): unknown {
  switch (kind) {
    case 'text':
      return bytes.toString('utf8');
    case 'hex':
      return bytes.toString('hex');
    case 'fixed64':
      return String(bytes.readBigUInt64LE());
    case 'double':
      return bytes.readDoubleLE();
    case 'fixed64s':
      return eights(bytes).map((one) => String(one.readBigUInt64LE()));
    case 'doubles':
      return eights(bytes).map((one) => one.readDoubleLE());
    default:
      return readMessage(kind, bytes);
  }
}

function eights(bytes: Buffer): Buffer[] {
  return Array.from({ length: bytes.length / 8 }, (_, at) => bytes.subarray(at * 8, at * 8 + 8));
}
