/**
 * How fast the output of one child is captured, classified and rotated, whether every line is there, what it costs,
 * and what calls to another server feel of it. Beside the floor: the same child writing into a pipe nobody looks into.
 * `--lines N --rounds N`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { cpuMs, inRoot, memoryBytes, startRingmaster } from '../processes.ts';
import { median, printTable } from '../table.ts';
import { callsBesideFloods } from './flood.ts';
import { call, callRegularly, percentile, runWriter, until, writerArgs } from './log-load.ts';

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '500000' },
    rounds: { type: 'string', default: '3' },
  },
});
/** Lines of one large write, about 16 KiB. */
const manyLines = 136;
/** Whole large writes, so that every row writes the same. */
const lines = Math.ceil(Number(values.lines) / manyLines) * manyLines;
const rounds = Number(values.rounds);
const rotateLines = lines * 4;
const echoFile = inRoot('bench/dist/gateway/echo-child.js');
const warmUpCalls = 400;

interface Outcome {
  readonly linesPerSecond: number;
  readonly cpuMs: number;
  readonly moreMemoryBytes: number;
  readonly missing: number;
  readonly callMs: readonly number[];
}

const rows: string[][] = [];
for (const perWrite of [1, manyLines]) {
  const floors: number[] = [];
  const outcomes: Outcome[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floors.push(await floorLinesPerSecond(perWrite));
    outcomes.push(await ours({ lines, perWrite, maxSizeBytes: 100_000_000 }));
  }
  rows.push([`floor: a pipe read and thrown away, ${perWrite} a write`, perSecond(median(floors))]);
  rows.push(rowOf(`captured and classified, ${perWrite} a write`, outcomes));
}
const rotated = await ours({ lines: rotateLines, perWrite: 1, maxSizeBytes: 10_000_000 });
rows.push(rowOf(`${rotateLines} lines, a file every 10 MB`, [rotated]));
printTable(['', 'lines/s', 'CPU ms', 'more MB', 'missing', 'p50 ms', 'p99 ms'], rows);
process.stdout.write(`\n${await callsBesideFloods({ lines, rounds })}\n`);

function rowOf(name: string, outcomes: readonly Outcome[]): string[] {
  const middle = (pick: (outcome: Outcome) => number) => median(outcomes.map(pick));
  const calls = outcomes.flatMap(({ callMs }) => callMs).sort((one, other) => one - other);
  return [
    name,
    perSecond(middle(({ linesPerSecond }) => linesPerSecond)),
    middle((outcome) => outcome.cpuMs).toFixed(0),
    (middle(({ moreMemoryBytes }) => moreMemoryBytes) / 1e6).toFixed(0),
    String(Math.max(...outcomes.map(({ missing }) => missing))),
    percentile(calls, 0.5),
    percentile(calls, 0.99),
  ];
}

function perSecond(count: number): string {
  return `${(count / 1_000).toFixed(0)} k`;
}

async function floorLinesPerSecond(perWrite: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-bench-'));
  const child = spawn(process.execPath, writerArgs(folder, { lines, perWrite }), {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.resume();
  const tookMs = await runWriter(folder);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  rmSync(folder, { recursive: true });
  return (lines / tookMs) * 1_000;
}

async function ours(what: {
  lines: number;
  perWrite: number;
  maxSizeBytes: number;
}): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-bench-'));
  const daemon = await startRingmaster({
    writer: {
      kind: 'service',
      command: process.execPath,
      args: writerArgs(folder, what),
      logs: { maxSizeBytes: what.maxSizeBytes, keep: 1_000 },
    },
    echo: { command: process.execPath, args: [echoFile] },
  });
  try {
    for (let count = 0; count < warmUpCalls; count += 1) await call(daemon.url);
    const before = { cpu: cpuMs(daemon.pid), memory: memoryBytes(daemon.pid) };
    let peakBytes = 0;
    const watching = setInterval(() => {
      peakBytes = Math.max(peakBytes, memoryBytes(daemon.pid));
    }, 20);
    const calls = callRegularly(daemon.url);
    const tookMs = await runWriter(folder);
    const callMs = await calls.stop();
    clearInterval(watching);
    const used = cpuMs(daemon.pid) - before.cpu;
    const missing = await countMissing(join(daemon.dataDir, 'logs', 'writer'), what.lines);
    return {
      linesPerSecond: (what.lines / tookMs) * 1_000,
      cpuMs: used,
      moreMemoryBytes: peakBytes - before.memory,
      missing,
      callMs,
    };
  } finally {
    await daemon.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Lines that are not there, or not whole, or not in order; the last batch is on disk within 50 ms. */
async function countMissing(folder: string, wanted: number): Promise<number> {
  let missing = wanted;
  const isThere = () => {
    missing = wanted - countLines(folder);
    return missing <= 0;
  };
  await until(isThere, 5_000).catch(() => undefined);
  return missing;
}

function countLines(folder: string): number {
  const names = readdirSync(folder).filter((name) => /\.log(\.gz)?$/.test(name));
  const rotatedFirst = names.filter((name) => name !== 'current.log').sort();
  let next = 0;
  for (const name of [...rotatedFirst, 'current.log']) {
    const bytes = readFileSync(join(folder, name));
    const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
    for (const line of text.split('\n'))
      if (line.length === 119 && Number(line.slice(0, 10)) === next) next += 1;
  }
  return next;
}
