import { createSocket } from 'node:dgram';
import { connect, type NetConnectOpts } from 'node:net';
import { hostname } from 'node:os';
import { syslogLine } from '../../syslog-line.ts';
import { type Send, sendTimeoutMs } from './notifier.ts';

/** Ports of syslog: RFC 5426 (UDP); TCP has none of its own, rsyslog and syslog-ng take the same. */
const standardPort = 514;
/** RFC 5424 6.1: receivers should take so many bytes; what is longer they may cut. */
const lineMaxBytes = 2_048;

/** Where to: a datagram for each message, or a stream of them. */
type Target =
  | { readonly kind: 'udp'; readonly host: string; readonly port: number }
  | { readonly kind: 'stream'; readonly to: NetConnectOpts };

/**
 * Sends one message of RFC 5424 an alert: over UDP (RFC 5426), or over TCP or a unix stream socket with a count before
 * each (RFC 6587, 3.4.1). Whether a datagram arrived nobody tells; a stream was taken by the receiver's machine.
 */
export const sendSyslog: Send<'syslog'> = async (entry, message, { expand, nowMs }) => {
  const target = targetOf(await expand(entry.url));
  const header = {
    ...{ facility: entry.facility, hostName: hostname() },
    ...{ processId: process.pid, time: new Date(nowMs()).toISOString() },
    ...{ fleet: message.fleet, language: message.language },
  };
  const lines = message.notices.map((notice) => cut(syslogLine(notice, header)));
  try {
    await (target.kind === 'udp' ? sendDatagrams(lines, target) : sendStream(lines, target.to));
  } catch (error) {
    const { code = 'no code' } = error as NodeJS.ErrnoException;
    const hint = code === 'EPROTOTYPE' ? '; its socket takes datagrams, needed a stream' : '';
    throw new Error(`the syslog receiver did not take it (${code})${hint}`);
  }
};

function targetOf(address: string): Target {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'unix:') return { kind: 'stream', to: { path: url.pathname } };
  // URL leaves the brackets of IPv6 addresses, sockets want them gone.
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  const port = Number(url?.port || standardPort);
  if (url?.protocol === 'udp:' && host !== '') return { kind: 'udp', host, port };
  if (url?.protocol === 'tcp:' && host !== '') return { kind: 'stream', to: { host, port } };
  throw new Error('found another address, needed udp://HOST, tcp://HOST:PORT or unix:///PATH');
}

async function sendDatagrams(
  lines: readonly Uint8Array[],
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((done, failed) => {
      const signal = AbortSignal.timeout(sendTimeoutMs);
      signal.addEventListener('abort', () => failed(timedOut()), { once: true });
      socket.once('error', failed);
      socket.once('connect', () => {
        const sent = lines.map(
          (line) =>
            new Promise<void>((left, lost) =>
              socket.send(line, (error) => (error === null ? left() : lost(error))),
            ),
        );
        Promise.all(sent).then(() => done(), failed);
      });
      socket.connect(port, host);
    });
  } finally {
    socket.close();
  }
}

async function sendStream(lines: readonly Uint8Array[], to: NetConnectOpts): Promise<void> {
  const frames = lines.flatMap((line) => [Buffer.from(`${line.length} `), line]);
  await new Promise<void>((done, failed) => {
    const socket = connect(to);
    socket.setTimeout(sendTimeoutMs, () => socket.destroy(timedOut()));
    socket.once('error', failed);
    // Closed after our end was sent and the receiver ended too: it has read to the last byte.
    socket.once('close', () => done());
    socket.resume();
    socket.end(Buffer.concat(frames));
  });
}

/** The first bytes of a line, without half a character at the end. */
function cut(line: string): Uint8Array {
  const bytes = new Uint8Array(lineMaxBytes);
  return bytes.subarray(0, new TextEncoder().encodeInto(line, bytes).written);
}

function timedOut(): Error {
  return Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' });
}
