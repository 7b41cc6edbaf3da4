import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createHandClock } from '../../alerting/testing/hand-clock.ts';
import type { Clock } from '../../clock.ts';
import { fleetOf } from '../../fleet/testing/fleet-of.ts';
import type { NewEvent } from '../../journal/events.ts';
import type { Span } from '../spans.ts';
import { createExporter } from './exporter.ts';

const deadlineMs = 60_000;

/** A collector on a port of its own, and an exporter whose time passes as the test says. */
async function begin(answer: { status: number }) {
  const taken: number[] = [];
  const answeredAtMs: number[] = [];
  const hand = createHandClock();
  const waits = new Set<object>();
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { resourceSpans } = JSON.parse(Buffer.concat(parts).toString());
    if (answer.status === 200) taken.push(resourceSpans[0].scopeSpans[0].spans.length);
    answeredAtMs.push(hand.clock.tickMs());
    response.writeHead(answer.status).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clock: Clock = {
    ...hand.clock,
    after(delayMs, then) {
      const wait = {};
      waits.add(wait);
      const cancel = hand.clock.after(delayMs, () => {
        waits.delete(wait);
        then();
      });
      return () => {
        waits.delete(wait);
        cancel();
      };
    },
  };
  const events: NewEvent[] = [];
  const exporter = createExporter({
    ...{ clock, version: '1', families: async () => [], variables: async () => ({}) },
    append: (event) => void events.push(event),
  });
  exporter.setFleet(
    fleetOf({ servers: {}, telemetry: { otlp: `http://127.0.0.1:${port}`, metrics: false } }),
  );
  return {
    ...{ taken, events, answeredAtMs, exporter },
    /** Looks until it is so; a second of its time passes at each look at which it waits for nothing else. */
    async until(isSo: () => boolean) {
      const endMs = performance.now() + deadlineMs;
      while (!isSo()) {
        assert.ok(performance.now() < endMs, 'waited in vain');
        if (waits.size > 0) hand.pass(1_000);
        await new Promise((done) => setImmediate(done));
      }
    },
    async [Symbol.asyncDispose]() {
      await exporter.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const call = {
  ...({ atMs: 0, kind: 'call.finished', subject: 'echo', method: 'tools/call' } as const),
  ...({ outcome: 'ok', tookMs: 1 } as const),
};
const span: Span = {
  traceId: 'ab'.repeat(16),
  spanId: 'cd'.repeat(8),
  startedAtMs: 0,
  tookMs: 1,
  call,
};

test('of what a collector misses for long, the end says how many spans were lost', async () => {
  const answer = { status: 503 };
  await using bench = await begin(answer);
  const { exporter, events, taken, until } = bench;
  for (let at = 0; at < 5_000; at += 1) exporter.add(span);
  await until(() => events.length === 1);
  const [first] = events;
  assert.ok(first?.kind === 'telemetry.failed');
  assert.equal(first.why, 'the collector answered 503');
  answer.status = 200;
  // A first batch of 512 was on its way; of the rest 4 096 waited.
  const sum = () => taken.reduce((all, count) => all + count, 0);
  await until(() => sum() === 512 + 4_096);
  exporter.add(span);
  await until(() => sum() === 512 + 4_096 + 1);
  const lost = events.map((event) => (event.kind === 'telemetry.resumed' ? event.lost : 0));
  assert.equal(
    lost.reduce((all = 0, one = 0) => all + one, 0),
    5_000 - 512 - 4_096,
  );
});

test('what a collector refuses for good is not sent again, and counts as lost', async () => {
  const answer = { status: 400 };
  await using bench = await begin(answer);
  const { exporter, events, taken, until } = bench;
  exporter.add(span);
  await until(() => events.length === 1);
  answer.status = 200;
  exporter.add(span);
  await until(() => events.length === 2);
  assert.deepEqual(taken, [1]);
  assert.ok(events[1]?.kind === 'telemetry.resumed' && events[1].lost === 1);
});

test('spans that nobody takes for five minutes are given up, one message after the other', async () => {
  const answer = { status: 503 };
  await using bench = await begin(answer);
  const { exporter, events, taken, until, answeredAtMs } = bench;
  exporter.add(span);
  // It was taken up after two seconds.
  await until(() => (answeredAtMs.at(-1) ?? 0) >= 302_000);
  exporter.add(span);
  answer.status = 200;
  await until(() => events.length === 2);
  assert.ok(events[1]?.kind === 'telemetry.resumed');
  assert.deepEqual([taken.length, events[1].lost], [1, 1]);
});
