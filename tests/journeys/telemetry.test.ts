import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { post } from '../support/mcp-client.ts';
import { otlpFaults } from '../support/otlp-fields.ts';
import { readProtobuf } from '../support/otlp-protobuf.ts';
import { waitFor } from '../support/wait.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string };
}
interface SpanText {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status?: { readonly code: number };
}
interface Metric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly dataPoints: readonly Point[] };
}
interface Point {
  readonly attributes: readonly Attribute[];
  readonly asDouble?: number;
  readonly count?: string;
  readonly bucketCounts?: readonly string[];
  readonly explicitBounds?: readonly number[];
}

/** A collector that keeps what OTLP/HTTP brings it; `answer` is the status it gives. */
async function createCollector() {
  const spans: SpanText[] = [];
  const faults: string[] = [];
  const metrics: Metric[][] = [];
  const authorizations = new Set<string | undefined>();
  const state = { answer: 200 };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const isTraces = request.url === '/v1/traces';
    const type = isTraces ? 'ExportTraceServiceRequest' : 'ExportMetricsServiceRequest';
    const bytes = Buffer.concat(parts);
    const isProtobuf = request.headers['content-type'] === 'application/x-protobuf';
    // biome-ignore lint/suspicious/noExplicitAny: what it holds is looked at field by field
    const body: any = isProtobuf ? readProtobuf(type, bytes) : JSON.parse(bytes.toString());
    faults.push(...otlpFaults(type, body));
    authorizations.add(request.headers.authorization);
    if (state.answer === 200 && request.url === '/v1/traces')
      spans.push(...body.resourceSpans[0].scopeSpans[0].spans);
    if (state.answer === 200 && request.url === '/v1/metrics')
      metrics.push(body.resourceMetrics[0].scopeMetrics[0].metrics);
    response.writeHead(state.answer, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ spans, metrics, authorizations, state },
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      assert.deepEqual(faults, [], 'what was sent is not OTLP as it is defined');
    },
  };
}

const traceId = 'af'.repeat(16);
const parentSpanId = 'b7'.repeat(8);

for (const [era, protocol] of [
  ['legacy', 'http/json'],
  ['modern', 'http/protobuf'],
] as const) {
  test(`a call of a ${era} client is a span below the client's and above the server's, sent as ${protocol}`, async () => {
    await using collector = await createCollector();
    await using home = createHome(
      {
        servers: { mirror: entry('mirror', era === 'modern' ? ['--modern'] : []) },
        telemetry: {
          ...{ otlp: collector.url, protocol },
          sampleRatio: 0,
          headers: { authorization: `Bearer \${OTLP_TOKEN}` },
        },
      },
      { OTLP_TOKEN: 'of-the-collector' },
    );
    const daemon = await home.up();
    const path = '/servers/mirror/mcp';
    const client = era === 'modern' ? daemon.modern(path) : await daemon.legacy(path);
    const heard = async (traceparent?: string) => {
      const meta = traceparent === undefined ? {} : { _meta: { traceparent } };
      const call = { name: 'heard', arguments: { text: '' }, ...meta };
      const { result } = await client.request('tools/call', call);
      // The text holds the line the server read, once more as JSON.
      return /traceparent\W+([0-9a-f-]{55})/.exec(JSON.stringify(result))?.[1];
    };
    await heard();
    await heard(`00-${'cc'.repeat(16)}-${parentSpanId}-00`);
    const sent = await heard(`00-${traceId}-${parentSpanId}-01`);
    const span = await waitFor('the span', () => collector.spans[0]);

    assert.equal(collector.spans.length, 1, 'calls nobody wanted recorded were recorded');
    assert.equal(span.traceId, traceId);
    assert.equal(span.parentSpanId, parentSpanId);
    assert.equal(sent, `00-${traceId}-${span.spanId}-01`);
    assert.equal(span.name, 'tools/call heard');
    assert.equal(span.kind, 2);
    assert.ok(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano));
    const told = new Map(span.attributes.map(({ key, value }) => [key, value.stringValue]));
    assert.equal(told.get('gen_ai.tool.name'), 'heard');
    assert.equal(told.get('ringmaster.server'), 'mirror');
    assert.equal(told.get('ringmaster.outcome'), 'ok');
    assert.deepEqual([...collector.authorizations], ['Bearer of-the-collector']);
  });
}

for (const era of ['legacy', 'modern'] as const) {
  test(`trace context in the HTTP headers of a ${era} client reaches collector and server`, async () => {
    await using collector = await createCollector();
    const url = `http://127.0.0.1:\${PORT}/mcp`;
    const marked = entry('http-marked', ['--trace'], { url, port: 'auto' });
    await using home = createHome({
      servers: { mirror: entry('mirror'), marked },
      telemetry: { otlp: collector.url, sampleRatio: 0 },
    });
    const daemon = await home.up();
    const context = {
      traceparent: `00-${traceId}-${parentSpanId}-01`,
      ...{ tracestate: 'vendor=1', baggage: 'user=aya' },
    };
    const heard = async (server: string, name: string) => {
      const path = `${daemon.origin}/servers/${server}/mcp`;
      const call = { name, arguments: { text: '', region: 'eu' } };
      const before = collector.spans.length;
      const { result } = await askWith(path, { era, headers: context }, call);
      await waitFor('the span', () => collector.spans.length === before + 1);
      return { said: JSON.stringify(result), span: collector.spans.at(-1) };
    };
    const below = (span: SpanText | undefined) => `00-${traceId}-${span?.spanId}-01`;
    const byPipe = await heard('mirror', 'heard');
    assert.equal(byPipe.span?.parentSpanId, parentSpanId);
    assert.equal(byPipe.span?.traceState, 'vendor=1');
    for (const part of [below(byPipe.span), 'vendor=1', 'user=aya'])
      assert.ok(byPipe.said.includes(part), `${part} did not reach the server`);
    const byHttp = await heard('marked', 'where');
    assert.match(byHttp.said, /baggage=user=aya/);
    assert.ok(byHttp.said.includes(`traceparent=${below(byHttp.span)} tracestate=vendor=1`));
  });
}

/** Calls a tool with more headers than a client of the journeys has. */
async function askWith(
  url: string,
  how: { readonly era: 'legacy' | 'modern'; readonly headers: Readonly<Record<string, string>> },
  call: { readonly name: string; readonly arguments: object },
) {
  const about = { id: 1, method: 'tools/call' };
  const clientInfo = { name: 'journey', version: '1.0.0' };
  if (how.era === 'modern') {
    const version = '2026-07-28';
    const key = 'io.modelcontextprotocol/';
    const _meta = {
      ...{ [`${key}protocolVersion`]: version, [`${key}clientInfo`]: clientInfo },
      [`${key}clientCapabilities`]: {},
    };
    const mirrored = {
      ...{ 'mcp-protocol-version': version, 'mcp-method': about.method, 'mcp-name': call.name },
      ...(call.name === 'where' ? { 'mcp-param-region': 'eu' } : {}),
    };
    return post(url, { ...how.headers, ...mirrored }, { ...about, params: { ...call, _meta } });
  }
  const protocolVersion = '2025-11-25';
  const params = { protocolVersion, capabilities: {}, clientInfo };
  const opened = await post(url, {}, { id: 'open', method: 'initialize', params });
  const session = {
    'mcp-protocol-version': protocolVersion,
    'mcp-session-id': opened.headers.get('mcp-session-id') ?? '',
  };
  return post(url, { ...how.headers, ...session }, { ...about, params: call });
}

test('spans that a collector does not take now are sent again, and nothing is lost', async () => {
  await using collector = await createCollector();
  collector.state.answer = 503;
  const telemetry = { otlp: collector.url, sampleRatio: 1, metrics: false };
  await using home = createHome({ servers: { echo: entry('echo') }, telemetry });
  const daemon = await home.up();
  const client = await daemon.legacy('/servers/echo/mcp');
  for (const a of [1, 2, 3]) await client.call('add', { a, b: 1 });
  const told = async (kind: string) => {
    const path = `/events?kind=telemetry.${kind}`;
    const { events } = await daemon.api<{ events: { why?: string; lost?: number }[] }>(path);
    return events[0];
  };
  const failed = await waitFor('the failure', () => told('failed'));
  assert.equal(failed.why, 'the collector answered 503');
  assert.deepEqual(collector.spans, []);
  collector.state.answer = 200;
  await waitFor('every span', () => collector.spans.length === 3);
  assert.equal((await waitFor('the end of it', () => told('resumed'))).lost, 0);
});

test('a collector gets the figures, and that it takes nothing is told once', async () => {
  await using collector = await createCollector();
  const protocol = 'http/protobuf';
  const telemetry = { otlp: collector.url, protocol, sampleRatio: 1, intervalMs: 1_000 };
  await using home = createHome({ servers: { echo: entry('echo') }, telemetry });
  const daemon = await home.up();
  const client = await daemon.legacy('/servers/echo/mcp');
  await client.call('add', { a: 1, b: 2 });
  const pointOf = (name: string, metrics: readonly Metric[]) => {
    const metric = metrics.find((one) => one.name === name);
    return (metric?.sum ?? metric?.histogram)?.dataPoints.find(({ attributes }) =>
      attributes.every(({ value }) => ['echo', 'ok'].includes(value.stringValue)),
    );
  };
  const metrics = await waitFor('the call in the figures', () =>
    collector.metrics.find((one) => (pointOf('ringmaster_calls_total', one)?.asDouble ?? 0) > 0),
  );
  assert.equal(pointOf('ringmaster_calls_total', metrics)?.asDouble, 1);
  const took = pointOf('ringmaster_call_duration_seconds', metrics);
  assert.equal(took?.count, '1');
  assert.equal(took?.bucketCounts?.length, (took?.explicitBounds?.length ?? 0) + 1);
  await waitFor('the span of a call without a trace', () => collector.spans.length === 1);
  assert.equal(collector.spans[0]?.parentSpanId, undefined);

  collector.state.answer = 503;
  const told = async () =>
    (await daemon.api<{ events: { kind: string; why?: string }[] }>('/events?kind=telemetry.'))
      .events;
  const [failed] = await waitFor('the failure', async () => {
    const events = await told();
    return events.length > 0 && events;
  });
  assert.equal(failed?.kind, 'telemetry.failed');
  assert.match(failed?.why ?? '', /503/);
  collector.state.answer = 200;
  const events = await waitFor('the recovery', async () => {
    const now = await told();
    return now.some(({ kind }) => kind === 'telemetry.resumed') && now;
  });
  assert.equal(events.length, 2);
});
