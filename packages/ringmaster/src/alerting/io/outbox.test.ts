import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { alerts } from '../../fleet/schema-alerts.ts';
import type { NewEvent } from '../../journal/events.ts';
import type { Alert } from '../alert.ts';
import type { Notice } from '../notices.ts';
import { createHandClock } from '../testing/hand-clock.ts';
import { sendEmail } from './notifiers/email.ts';
import type { Message } from './notifiers/notifier.ts';
import { createOutbox } from './outbox.ts';

const tools = {
  nowMs: () => 0,
  expand: async (text: string) => text,
  run: async () => {},
};

function notice(subject: string, severity: Alert['severity'] = 'warning'): Notice {
  const alert: Alert = {
    ...{ key: `down/${subject}`, rule: 'down', subject, severity, state: 'firing' },
    ...{ why: 'ended with code 1', firedAtMs: 0 },
  };
  return { about: 'firing', alert, level: 1 };
}

/** An outbox with one receiver of webhooks, and the events and facts it makes. */
async function createBench(statusOf: (count: number) => number) {
  const bodies: { id: string; leftOut: number; alerts: unknown[] }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += String(part);
    bodies.push(JSON.parse(text));
    response.writeHead(statusOf(bodies.length)).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const settings = alerts.parse({ notifiers: { hook: { kind: 'webhook', url } } });
  const facts = new Map<string, unknown>();
  const events: NewEvent[] = [];
  let heard = () => {};
  const time = createHandClock();
  let ids = 0;
  const open = () =>
    createOutbox({
      ...{ clock: time.clock, tools, fleet: () => 'f', settings: () => settings },
      newId() {
        ids += 1;
        return String(ids);
      },
      append(event) {
        events.push(event);
        heard();
      },
      journal: {
        recallAll: () => facts,
        remember(_, key, value) {
          if (value === undefined) facts.delete(key);
          // As the disk does: what is changed later must not change what was remembered.
          else facts.set(key, structuredClone(value));
        },
        flushWithin: async () => true,
      },
    });
  return {
    ...{ bodies, events, facts, open, pass: time.pass },
    /** Resolves when so many attempts have ended. */
    attempts: (count: number) =>
      new Promise<void>((done) => {
        heard = () => {
          if (events.length >= count) done();
        };
        heard();
      }),
    [Symbol.dispose]: () => void server.close(),
  };
}

test('a storm of alerts is one message, then one digest that counts what it left out', async () => {
  using bench = await createBench(() => 200);
  const outbox = bench.open();
  outbox.put(new Map([['hook', [notice('first')]]]));
  await bench.attempts(1);
  for (let count = 0; count < 500; count += 1)
    outbox.put(
      new Map([['hook', [notice(`server-${count}`, count === 499 ? 'critical' : 'warning')]]]),
    );
  bench.pass(6_000);
  await bench.attempts(2);
  bench.pass(60_000);
  assert.deepEqual(
    bench.bodies.map(({ alerts: told, leftOut }) => [told.length, leftOut]),
    [
      [1, 0],
      [20, 480],
    ],
  );
  const [worst] = bench.bodies[1]?.alerts ?? [];
  assert.equal((worst as { subject: string }).subject, 'server-499');
  assert.equal(bench.facts.size, 0);
  outbox.stop();
});

test('what waits for a notifier fits into what the journal remembers, however many alerts say how much', async () => {
  using bench = await createBench(() => 503);
  const outbox = bench.open();
  const long = (subject: string): Notice => {
    const { alert, ...rest } = notice(subject);
    return { ...rest, alert: { ...alert, why: '"'.repeat(301) } };
  };
  const many = (from: number) =>
    Array.from({ length: 500 }, (_, at) => long(`${from}-${at}-${'s'.repeat(60)}`));
  outbox.put(new Map([['hook', many(0)]]));
  await bench.attempts(1);
  outbox.put(new Map([['hook', many(1)]]));
  for (const fact of bench.facts.values()) assert.ok(JSON.stringify(fact).length < 65_536);
  outbox.stop();
});

test('a delivery is tried for an hour with growing waits, whatever is new meanwhile, then given up and told', async () => {
  using bench = await createBench(() => 500);
  const outbox = bench.open();
  const expected = [1_000, 4_000, 16_000, 64_000, ...Array<number>(14).fill(256_000)];
  outbox.put(new Map([['hook', [notice('files')]]]));
  for (const [index, waitMs] of expected.entries()) {
    await bench.attempts(index + 1);
    outbox.put(new Map([['hook', [notice(`news-${index}`)]]]));
    bench.pass(waitMs - 1);
    assert.equal(bench.bodies.length, index + 1);
    bench.pass(1);
  }
  await bench.attempts(19);
  const waits = bench.events.map((event) => 'nextTryInMs' in event && event.nextTryInMs);
  assert.deepEqual(waits, [...expected, undefined]);
  assert.equal(new Set(bench.bodies.map(({ id }) => id)).size, 1);
  bench.pass(6_000);
  await bench.attempts(20);
  assert.equal(bench.bodies[19]?.alerts.length, 18, 'what was new is told next');
  outbox.stop();
});

test('what an earlier daemon did not deliver is delivered by the next, by the same id', async () => {
  using bench = await createBench((count) => (count === 1 ? 503 : 200));
  const first = bench.open();
  first.put(new Map([['hook', [notice('files')]]]));
  await bench.attempts(1);
  first.stop();
  const next = bench.open();
  next.resume();
  await bench.attempts(2);
  assert.equal(bench.bodies[0]?.id, bench.bodies[1]?.id);
  assert.equal(bench.events[1]?.kind, 'alert.notified');
  assert.equal(bench.facts.size, 0);
  next.stop();
});

test('mail arrives, in Japanese, and a refusal is told without the password', async () => {
  const mails: string[] = [];
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS'], allowInsecureAuth: true },
    onAuth: (_auth, _session, done) => done(new Error('no')),
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (part: Buffer) => {
        text += part.toString();
      });
      stream.on('end', () => {
        mails.push(text);
        done();
      });
    },
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.server.address() as AddressInfo;
  const to = ['me@example.org'];
  const mail = { kind: 'email' as const, from: 'ring@example.org', to };
  const message: Message = {
    ...{ id: 'x1', fleet: 'f', language: 'ja' as const, leftOut: 0 },
    notices: [notice('files'), notice('vision')],
  };
  await sendEmail({ ...mail, url: `smtp://127.0.0.1:${port}` }, message, tools);
  const [text = ''] = mails;
  assert.match(text, /^To: me@example\.org/m);
  assert.match(text, /^Message-ID: <x1@/m);
  assert.match(text, /^Subject: .*=\?UTF-8\?/m);
  const refused = sendEmail({ ...mail, url: `smtp://me:hush@127.0.0.1:${port}` }, message, tools);
  await assert.rejects(refused, (error: Error) => {
    assert.match(error.message, /did not take it \(EAUTH 535\)/);
    assert.doesNotMatch(error.message, /hush/);
    return true;
  });
  await new Promise<void>((done) => server.close(done));
});

test('a mail server that answers a line now and then, and never the last one, is given up', async () => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 hello\r\n');
    const drip = setInterval(() => socket.write('250-wait\r\n'), 20);
    socket.on('close', () => clearInterval(drip));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const mail = { kind: 'email' as const, from: 'ring@example.org', to: ['me@example.org'] };
  const message = { id: 'x1', fleet: 'f', language: 'en' as const, leftOut: 0, notices: [] };
  const sent = sendEmail({ ...mail, url: `smtp://127.0.0.1:${port}` }, message, tools, 500);
  await assert.rejects(sent, /did not take it/);
  await new Promise<void>((done) => server.close(() => done()));
});
