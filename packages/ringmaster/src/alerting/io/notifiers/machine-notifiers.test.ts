import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Alert } from '../../alert.ts';
import { sendDesktop } from './desktop.ts';
import type { Message, NotifierTools } from './notifier.ts';
import { sendSyslog } from './syslog.ts';

const atMs = Date.parse('2026-11-21T08:09:10.123Z');
const tools: NotifierTools = {
  nowMs: () => atMs,
  expand: async (text) => text,
  run: () => Promise.reject(new Error('nothing is run here')),
};

function messageOf(...whys: readonly string[]): Message {
  const notices = whys.map((why, index) => {
    const alert: Alert = {
      ...{ key: `down/s${index}`, rule: 'down', subject: `s${index}`, severity: 'critical', why },
      ...{ state: 'firing', firedAtMs: atMs },
    };
    return { about: index === 0 ? 'firing' : 'resolved', alert, level: 1 } as const;
  });
  return { id: 'x1', fleet: 'circus', language: 'ja', notices, leftOut: 0 };
}

/** RFC 5424 6: the header, no structured data, the mark of UTF-8, the text. */
const line =
  /^<(\d+)>1 (\S+) ([!-~]{1,255}) ringmaster (\d+) down - \uFEFF(circus \[緊急\] .*\(down\/s\d\))$/u;

/** What came over streams, once so many have ended. */
async function listen(context: TestContext, where: number | string) {
  const parts: Buffer[] = [];
  const server = createServer((socket) => socket.on('data', (part) => parts.push(part)));
  const ended = new Promise<void>((done) =>
    server.on('connection', (socket) => socket.once('close', () => done())),
  );
  const ready = new Promise<void>((done) => server.once('listening', () => done()));
  if (typeof where === 'string') server.listen(where);
  else server.listen(where, '127.0.0.1');
  await ready;
  context.after(() => server.close());
  return { server, text: () => ended.then(() => Buffer.concat(parts)) };
}

/** The messages of a stream in which each has its length in bytes before it (RFC 6587 3.4.1). */
function framesOf(bytes: Buffer): string[] {
  const frames: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.toString('latin1', at, space));
    assert.ok(length > 0);
    frames.push(bytes.toString('utf8', space + 1, space + 1 + length));
    at = space + 1 + length;
  }
  return frames;
}

test('syslog over UDP: one datagram an alert, with severity, time and rule, as RFC 5424 writes it', async (context) => {
  const socket = createSocket('udp4');
  context.after(() => socket.close());
  const got: string[] = [];
  const all = new Promise<void>((done) =>
    socket.on('message', (bytes) => {
      assert.ok(bytes.length <= 2_048);
      got.push(bytes.toString());
      if (got.length === 3) done();
    }),
  );
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
  const { port } = socket.address();
  const entry = { kind: 'syslog', url: `udp://127.0.0.1:${port}`, facility: 'local3' } as const;
  await sendSyslog(entry, messageOf('first\nline\u0007', 'over', '長'.repeat(2_000)), tools);
  await all;
  const [first = '', resolved = '', long = ''] = got;
  const [, priority, time, , pid, text = ''] = line.exec(first) ?? [];
  assert.deepEqual(
    [priority, time, pid],
    [String(19 * 8 + 2), '2026-11-21T08:09:10.123Z', String(process.pid)],
  );
  assert.doesNotMatch(text, /\p{Cc}/u);
  assert.equal(line.exec(resolved)?.[1], String(19 * 8 + 5));
  assert.doesNotMatch(long, /\uFFFD/, 'half a character was sent');
});

for (const kind of ['tcp', 'unix'] as const) {
  test(`syslog over ${kind}: every message has its length before it`, async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'ringmaster-syslog-'));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'log');
    const receiver = await listen(context, kind === 'unix' ? path : 0);
    const { port } = receiver.server.address() as AddressInfo;
    const url = kind === 'unix' ? `unix://${path}` : `tcp://127.0.0.1:${port}`;
    const entry = { kind: 'syslog', url, facility: 'daemon' } as const;
    await sendSyslog(entry, messageOf('ended', 'ended'), tools);
    const frames = framesOf(await receiver.text());
    assert.equal(frames.length, 2);
    for (const frame of frames) assert.match(frame, line);
  });
}

test('a syslog receiver that is not there is a failure with its code, and an odd address says what is needed', async () => {
  const to = (url: string) =>
    sendSyslog({ kind: 'syslog', url, facility: 'daemon' }, messageOf('x'), tools);
  await assert.rejects(to('unix:///nowhere/log'), /did not take it \(ENOENT\)/);
  await assert.rejects(to('tcp://127.0.0.1:1'), /did not take it \(ECONNREFUSED\)/);
  await assert.rejects(to('carrier-pigeon://x'), /needed udp:\/\/HOST, tcp:\/\/HOST:PORT/);
});

test('a bubble is shown by notify-send, with words of servers as text and no option of theirs', async () => {
  const programs: Parameters<NotifierTools['run']>[0][] = [];
  const run: NotifierTools['run'] = async (program) => void programs.push(program);
  await sendDesktop({ kind: 'desktop' }, messageOf('<b>--icon=x</b> & more'), { ...tools, run });
  const [program] = programs;
  assert.equal(program?.command, 'notify-send');
  assert.deepEqual(program?.texts?.slice(0, 3), [
    '--urgency=critical',
    '--',
    'Ringmaster – circus',
  ]);
  assert.match(program?.texts?.[3] ?? '', /&lt;b&gt;--icon=x&lt;\/b&gt; &amp; more/);
});

test('where no bubble can be shown, it is said what is needed', async () => {
  await assert.rejects(
    sendDesktop({ kind: 'desktop' }, messageOf('x'), tools),
    /nothing is run here; a bubble needs notify-send/,
  );
});
