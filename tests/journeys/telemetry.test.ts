import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { otlpFaults } from '../support/otlp-fields.ts';
import { waitFor } from '../support/wait.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string };
}
interface SpanText {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
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
    const body = JSON.parse(Buffer.concat(parts).toString());
    const isTraces = request.url === '/v1/traces';
    const type = isTraces ? 'ExportTraceServiceRequest' : 'ExportMetricsServiceRequest';
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

for (const era of ['legacy', 'modern'] as const) {
  test(`a call of a ${era} client is a span below the client's and above the server's`, async () => {
    await using collector = await createCollector();
    await using home = createHome(
      {
        servers: { mirror: entry('mirror', era === 'modern' ? ['--modern'] : []) },
        telemetry: {
          otlp: collector.url,
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

test('a collector gets the figures, and that it takes nothing is told once', async () => {
  await using collector = await createCollector();
  const telemetry = { otlp: collector.url, sampleRatio: 1, intervalMs: 1_000 };
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
