/**
 * How fast the output of one child is captured, classified and rotated, whether every line is there, what it costs,
 * and what calls to another server feel of it. Beside the floor: the same child writing into a pipe nobody looks into.
 * `--lines N --rounds N`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { cpuMs, inRoot, memoryBytes, startRingmaster } from '../processes.ts';
import { median, printTable } from '../table.ts';

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
const writerFile = inRoot('bench/dist/supervisor/log-writer.js');
const echoFile = inRoot('bench/dist/gateway/echo-child.js');
const lookEveryMs = 5;
const waitMaxMs = 120_000;
const callEveryMs = 5;
const warmUpCalls = 400;
const quietMs = 3_000;

interface Outcome {
  readonly linesPerSecond: number;
  readonly cpuMs: number;
  readonly moreMemoryBytes: number;
  readonly missing: number;
  readonly callMs: readonly number[];
}

const rows: string[][] = [await callsBeside('nobody writes', () => pass(quietMs))];
rows.push(await callsBeside('the same flood, into a bare pipe', () => floorLinesPerSecond(1)));
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

function percentile(sorted: readonly number[], share: number): string {
  return (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(2);
}

/** What calls cost while something else happens: the share of the machine that nobody can give back. */
async function callsBeside(name: string, happen: () => Promise<unknown>): Promise<string[]> {
  const daemon = await startRingmaster({ echo: { command: process.execPath, args: [echoFile] } });
  try {
    for (let count = 0; count < warmUpCalls; count += 1) await call(daemon.url);
    const calls = callRegularly(daemon.url);
    await happen();
    const sorted = (await calls.stop()).sort((one, other) => one - other);
    return [
      `calls while ${name}`,
      '',
      '',
      '',
      '',
      percentile(sorted, 0.5),
      percentile(sorted, 0.99),
    ];
  } finally {
    await daemon.stop();
  }
}

function writerArgs(folder: string, what: { lines: number; perWrite: number }): string[] {
  const files = ['--go', join(folder, 'go'), '--done', join(folder, 'done')];
  return [writerFile, ...files, '--lines', `${what.lines}`, '--per-write', `${what.perWrite}`];
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

async function runWriter(folder: string): Promise<number> {
  writeFileSync(join(folder, 'go'), '');
  const done = join(folder, 'done');
  await until(() => existsSync(done) && readFileSync(done, 'utf8') !== '');
  return Number(readFileSync(done, 'utf8'));
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

/** One call every few milliseconds to the server that does not write. */
function callRegularly(url: string) {
  const took: number[] = [];
  let isOver = false;
  const running = (async () => {
    while (!isOver) {
      took.push(await call(url));
      await pass(callEveryMs);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await running;
      return took;
    },
  };
}

async function call(url: string): Promise<number> {
  const startedMs = performance.now();
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const params = { name: 'echo', arguments: { text: 'x' }, _meta: meta };
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'echo',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  });
  await response.text();
  if (response.status !== 200) throw new Error(`A call was answered with ${response.status}`);
  return performance.now() - startedMs;
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

function pass(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

async function until(isSo: () => boolean, maxMs = waitMaxMs): Promise<void> {
  const giveUpAtMs = performance.now() + maxMs;
  while (!isSo()) {
    if (performance.now() > giveUpAtMs) throw new Error(`Not so after ${maxMs} ms`);
    await pass(lookEveryMs);
  }
}
