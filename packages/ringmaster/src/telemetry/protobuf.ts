type Scalar = 'text' | 'hex' | 'enum' | 'bool' | 'fixed64' | 'double' | 'fixed64s' | 'doubles';
type Fields = Readonly<Record<string, readonly [number: number, type: string]>>;

/**
 * Fields of the messages we send, by their names in OTLP/JSON, with numbers and types of opentelemetry/proto
 * (`collector`, `common`, `resource`, `trace` and `metrics`, all v1). A type that is no scalar is another message.
 */
const messages = {
  ExportTraceServiceRequest: { resourceSpans: [1, 'ResourceSpans'] },
  ResourceSpans: { resource: [1, 'Resource'], scopeSpans: [2, 'ScopeSpans'] },
  ScopeSpans: { scope: [1, 'Scope'], spans: [2, 'Span'] },
  Span: {
    ...{ traceId: [1, 'hex'], spanId: [2, 'hex'], traceState: [3, 'text'] },
    ...{ parentSpanId: [4, 'hex'], name: [5, 'text'], kind: [6, 'enum'] },
    ...{ startTimeUnixNano: [7, 'fixed64'], endTimeUnixNano: [8, 'fixed64'] },
    ...{ attributes: [9, 'KeyValue'], status: [15, 'Status'] },
  },
  Status: { code: [3, 'enum'], message: [2, 'text'] },
  ExportMetricsServiceRequest: { resourceMetrics: [1, 'ResourceMetrics'] },
  ResourceMetrics: { resource: [1, 'Resource'], scopeMetrics: [2, 'ScopeMetrics'] },
  ScopeMetrics: { scope: [1, 'Scope'], metrics: [2, 'Metric'] },
  Metric: {
    ...{ name: [1, 'text'], description: [2, 'text'] },
    ...{ gauge: [5, 'Gauge'], sum: [7, 'Sum'], histogram: [9, 'Histogram'] },
  },
  Gauge: { dataPoints: [1, 'NumberPoint'] },
  Sum: {
    ...{ dataPoints: [1, 'NumberPoint'], aggregationTemporality: [2, 'enum'] },
    isMonotonic: [3, 'bool'],
  },
  Histogram: { dataPoints: [1, 'HistogramPoint'], aggregationTemporality: [2, 'enum'] },
  NumberPoint: {
    ...{ startTimeUnixNano: [2, 'fixed64'], timeUnixNano: [3, 'fixed64'] },
    ...{ asDouble: [4, 'double'], attributes: [7, 'KeyValue'] },
  },
  HistogramPoint: {
    ...{ startTimeUnixNano: [2, 'fixed64'], timeUnixNano: [3, 'fixed64'] },
    ...{ count: [4, 'fixed64'], sum: [5, 'double'], bucketCounts: [6, 'fixed64s'] },
    ...{ explicitBounds: [7, 'doubles'], attributes: [9, 'KeyValue'] },
  },
  Resource: { attributes: [1, 'KeyValue'] },
  Scope: { name: [1, 'text'] },
  KeyValue: { key: [1, 'text'], value: [2, 'AnyValue'] },
  AnyValue: { stringValue: [1, 'text'] },
} as const satisfies Readonly<Record<string, Fields>>;

/** The two messages a collector is sent. */
export type ExportMessage = 'ExportTraceServiceRequest' | 'ExportMetricsServiceRequest';

/** How a field travels, three bits beside its number (protobuf encoding, wire types). */
const [varint, eightBytes, counted] = [0, 1, 2];

/**
 * A message of `otlp.ts` as protobuf. Throws on a field the table above does not know: nothing may be left out silently.
 * `utf8` gives the bytes of a text.
 */
export function toProtobuf(
  type: ExportMessage,
  message: object,
  utf8: (text: string) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytesOf(type, message, utf8));
}

function bytesOf(type: string, message: object, utf8: (text: string) => Uint8Array): number[] {
  const fields: Fields | undefined = messages[type as keyof typeof messages];
  const bytes: number[] = [];
  for (const [name, value] of Object.entries(message)) {
    const [number, kind] = fields?.[name] ?? [];
    if (number === undefined || kind === undefined) throw new Error(`${type} has no ${name}`);
    const isMessage = Object.hasOwn(messages, kind);
    for (const one of isMessage && Array.isArray(value) ? value : [value]) {
      const [how, content] = isMessage
        ? [counted, bytesOf(kind, one, utf8)]
        : scalarOf(kind as Scalar, one, utf8);
      pushVarint(bytes, number * 8 + how);
      if (how === counted) pushVarint(bytes, content.length);
      for (const byte of content) bytes.push(byte);
    }
  }
  return bytes;
}

function scalarOf(
  kind: Scalar,
  value: unknown,
  utf8: (text: string) => Uint8Array,
): readonly [how: number, bytes: ArrayLike<number> & Iterable<number>] {
  switch (kind) {
    case 'text':
      return [counted, utf8(String(value))];
    case 'hex':
      return [
        counted,
        String(value)
          .match(/../g)
          ?.map((two) => Number.parseInt(two, 16)) ?? [],
      ];
    case 'enum':
    case 'bool':
      return [varint, varintOf(Number(value))];
    case 'fixed64':
      return [eightBytes, fixed64(value)];
    case 'double':
      return [eightBytes, double(value)];
    case 'fixed64s':
      return [counted, (value as readonly unknown[]).flatMap((one) => [...fixed64(one)])];
    case 'doubles':
      return [counted, (value as readonly unknown[]).flatMap((one) => [...double(one)])];
  }
}

function varintOf(value: number): number[] {
  const bytes: number[] = [];
  pushVarint(bytes, value);
  return bytes;
}

/** Seven bits a byte, the lowest first; the highest bit says that there are more. */
function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

function fixed64(digits: unknown): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(String(digits)), true);
  return new Uint8Array(view.buffer);
}

function double(value: unknown): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Number(value), true);
  return new Uint8Array(view.buffer);
}
