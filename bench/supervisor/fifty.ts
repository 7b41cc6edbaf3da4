/**
 * How long until 50 stdio MCP servers are ready, beside the bare floor (spawn them all, shake hands, nothing else);
 * then what the daemon costs while nothing happens but sampling every second and the probes (every 10 s each).
 * `--children N --idle-seconds N --sample-ms N --rounds N`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { cpuMs, inRoot, memoryBytes, startRingmaster } from '../processes.ts';
import { median, printTable } from '../table.ts';

const { values } = parseArgs({
  options: {
    children: { type: 'string', default: '50' },
    'idle-seconds': { type: 'string', default: '60' },
    'sample-ms': { type: 'string', default: '1000' },
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
  ['', 'ms', 'of the floor'],
  [
    row('floor: spawn and initialize', floorsMs),
    row('daemon without servers until ready', emptyMs),
    row('daemon with them until all ready', oursMs),
    row('beyond floor and empty daemon', extraMs),
  ],
);
await idle();

function row(what: string, timesMs: readonly number[]): string[] {
  const ratios = timesMs.map((timeMs, at) => timeMs / (floorsMs[at] ?? Number.NaN));
  return [what, median(timesMs).toFixed(0), median(ratios).toFixed(2)];
}

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
  const sampleMs = Number(values['sample-ms']);
  const daemon = await startRingmaster(fleetOf(count), [], { metrics: { sampleMs } });
  try {
    await passed(settleMs);
    const beforeMs = cpuMs(daemon.pid);
    const startMs = performance.now();
    await passed(idleMs);
    const share = (cpuMs(daemon.pid) - beforeMs) / (performance.now() - startMs);
    const memory = (memoryBytes(daemon.pid) / 1_048_576).toFixed(0);
    process.stdout.write(
      `idle with ${count} servers, sampled every ${sampleMs} ms, for ${values['idle-seconds']} s: ${(share * 100).toFixed(2)} % of one core, RSS ${memory} MiB\n`,
    );
  } finally {
    await daemon.stop();
  }
}

function passed(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
