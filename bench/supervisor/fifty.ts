/**
 * How long until 50 stdio MCP servers are ready, beside the bare floor (spawn them all, shake hands, nothing else);
 * then what the daemon costs while nothing happens. `--children N --idle-seconds N --rounds N`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { cpuMs, inRoot, memoryBytes, startRingmaster } from '../processes.ts';
import { median, printTable } from '../table.ts';

const { values } = parseArgs({
  options: {
    children: { type: 'string', default: '50' },
    'idle-seconds': { type: 'string', default: '30' },
    rounds: { type: 'string', default: '3' },
  },
});
const count = Number(values.children);
const idleMs = Number(values['idle-seconds']) * 1_000;
const rounds = Number(values.rounds);
/** Long enough for the memory of the start to be given back. */
const settleMs = 30_000;
const childFile = inRoot('bench/dist/gateway/echo-child.js');

const floorsMs: number[] = [];
const emptyMs: number[] = [];
const oursMs: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  floorsMs.push(await floorMs());
  emptyMs.push(await startedMs(0));
  oursMs.push(await startedMs(count));
}
const extraMs = oursMs.map((ours, at) => ours - (emptyMs[at] ?? 0) - (floorsMs[at] ?? 0));
process.stdout.write(`${count} stdio servers, median of ${rounds} rounds\n`);
printTable(
  ['', 'ms'],
  [
    ['floor: spawn and initialize', median(floorsMs).toFixed(0)],
    ['daemon without servers until ready', median(emptyMs).toFixed(0)],
    ['daemon with them until all ready', median(oursMs).toFixed(0)],
    ['beyond floor and empty daemon', median(extraMs).toFixed(0)],
  ],
);
await idle();

async function startedMs(servers: number): Promise<number> {
  const daemon = await startRingmaster(fleetOf(servers));
  await daemon.stop();
  return daemon.readyMs;
}

function fleetOf(servers: number): Record<string, object> {
  const entry = { command: process.execPath, args: [childFile] };
  return Object.fromEntries(Array.from({ length: servers }, (_, at) => [`echo-${at}`, entry]));
}

async function floorMs(): Promise<number> {
  const startMs = performance.now();
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, [childFile], { stdio: ['pipe', 'pipe', 'ignore'] }),
  );
  await Promise.all(children.map(shakeHands));
  const tookMs = performance.now() - startMs;
  await Promise.all(children.map(end));
  return tookMs;
}

function shakeHands(child: ChildProcess): Promise<unknown> {
  const answered = new Promise((resolve) => child.stdout?.once('data', resolve));
  child.stdin?.write('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}\n');
  return answered;
}

function end(child: ChildProcess): Promise<unknown> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.stdin?.end();
  return gone;
}

async function idle(): Promise<void> {
  const daemon = await startRingmaster(fleetOf(count));
  try {
    await passed(settleMs);
    const beforeMs = cpuMs(daemon.pid);
    const startMs = performance.now();
    await passed(idleMs);
    const share = (cpuMs(daemon.pid) - beforeMs) / (performance.now() - startMs);
    const memory = (memoryBytes(daemon.pid) / 1_048_576).toFixed(0);
    process.stdout.write(
      `idle with ${count} servers for ${values['idle-seconds']} s: ${(share * 100).toFixed(2)} % of one core, RSS ${memory} MiB\n`,
    );
  } finally {
    await daemon.stop();
  }
}

function passed(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
