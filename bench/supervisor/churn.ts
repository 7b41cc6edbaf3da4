/**
 * Sessions come and go at a server of which each has a process of its own: at the end, what runs is what is wanted.
 * A third of the sessions says goodbye, a third is never heard of again, a third breaks off its stream.
 * `--sessions N --calling N --max N`: one session in `calling` calls the server, and so needs a process.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { childrenOf, inRoot, memoryBytes, startRingmaster } from '../processes.ts';

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '10000' },
    calling: { type: 'string', default: '20' },
    max: { type: 'string', default: '4' },
  },
});
const sessions = Number(values.sessions);
const calling = Number(values.calling);
const max = Number(values.max);
const settleMaxMs = 30_000;
/** More would only wait for each other: so many have a process at once. */
const atOnce = max;

const args = [inRoot('bench/dist/gateway/echo-child.js')];
const pool = { mode: 'per-session', min: 1, max, idleStopMs: '200ms' };
const limits = { waitMs: '60s' };
const daemon = await startRingmaster({ echo: { command: process.execPath, args, pool, limits } });
const atStart = serverCount();
let most = 0;
let calls = 0;
const failures: string[] = [];

function serverCount(): number {
  return childrenOf(daemon.pid).filter(isServer).length;
}

/** Dead ones that are not yet buried have no command line any more. */
function isServer(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('echo-child.js');
  } catch {
    // Buried since it was listed.
    return false;
  }
}

async function post(message: object, headers: Record<string, string> = {}): Promise<Response> {
  const accept = 'application/json, text/event-stream';
  return await fetch(daemon.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
  });
}

async function live(number: number): Promise<void> {
  const clientInfo = { name: 'churn', version: '1.0.0' };
  const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  const opened = await post({ id: 1, method: 'initialize', params: hello });
  await opened.text();
  const headers = { 'mcp-session-id': opened.headers.get('mcp-session-id') ?? '' };
  const leaving = new AbortController();
  if (number % 3 === 2) {
    const accept = 'text/event-stream';
    await fetch(daemon.url, { headers: { ...headers, accept }, signal: leaving.signal });
  }
  if (number % calling === 0) await callOnce(number, headers);
  most = Math.max(most, serverCount());
  if (number % 3 === 0) {
    const ended = await fetch(daemon.url, { method: 'DELETE', headers });
    await ended.text();
  } else leaving.abort();
}

async function callOnce(number: number, headers: Record<string, string>): Promise<void> {
  const params = { name: 'echo', arguments: { text: `session ${number}` } };
  const answer = await post({ id: 2, method: 'tools/call', params }, headers);
  const text = await answer.text();
  calls += 1;
  if (!text.includes(`session ${number}`)) failures.push(text.slice(0, 300));
}

try {
  const startedMs = performance.now();
  const before = memoryBytes(daemon.pid);
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < sessions) await live(next++);
    }),
  );
  const tookMs = performance.now() - startedMs;
  const giveUpMs = performance.now() + settleMaxMs;
  while (serverCount() > atStart && performance.now() < giveUpMs)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const left = serverCount();
  const mebibytes = (bytes: number) => (bytes / 1_048_576).toFixed(0);
  process.stdout.write(
    [
      `${sessions} sessions in ${(tookMs / 1_000).toFixed(0)} s, ${calls} of them called`,
      `wrong or refused answers: ${failures.length} ${failures[0] ?? ''}`,
      `processes of the server: ${atStart} at first, ${most} at most (max ${max}), ${left} at the end`,
      `daemon: ${mebibytes(before)} MiB at first, ${mebibytes(memoryBytes(daemon.pid))} MiB at the end`,
      '',
    ].join('\n'),
  );
  const isGood = failures.length === 0 && left === atStart && most <= max;
  process.stdout.write(isGood ? 'What runs is what is wanted\n' : 'NOT what is wanted\n');
  if (!isGood) process.exitCode = 1;
} finally {
  await daemon.stop();
}
