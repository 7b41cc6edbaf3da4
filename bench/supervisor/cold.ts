/**
 * `npm run bench:supervisor -- --cold`: how long a start of the daemon takes until its first server runs, how long that
 * server is gone when it is killed, and how long `ringmaster status` takes, each beside an empty Node; and a start with
 * many servers beside a bare Node that starts them; all in turn. `--rounds N --children N`. The CPU time of the main
 * thread is what a quiet machine would take; what is waited for shows in the ms.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inRoot, memoryBytes } from '../processes.ts';
import { median, printTable } from '../table.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    children: { type: 'string', default: '50' },
    cold: { type: 'boolean' },
  },
});
const rounds = Number(values.rounds);
const children = Number(values.children);
const bin = inRoot('packages/ringmaster/bin/ringmaster.js');
const waitMaxMs = 30_000;
/** Between birth and death of the server: it counts as started then. */
const lifeMs = 1_500;

/** One round: milliseconds, or bytes where it says so. */
interface Round {
  readonly emptyMs: number;
  readonly emptyCpuMs: number;
  readonly floorMs: number;
  readonly manyMs: number;
  readonly firstMs: number;
  readonly firstCpuMs: number;
  readonly firstCpuAllMs: number;
  readonly newPidMs: number;
  readonly statusMs: number;
  readonly memoryBytes: number;
}

const seen: Round[] = [];
for (let round = 0; round < rounds; round += 1) seen.push(await measure());
const of = (key: keyof Round) => median(seen.map((one) => one[key]));
const ratio = (key: keyof Round, to: keyof Round) =>
  median(seen.map((one) => one[key] / one[to])).toFixed(2);
const ms = (key: keyof Round) => of(key).toFixed(0);
const toEmpty = (key: keyof Round) => [ms(key), ratio(key, 'emptyMs')];
process.stdout.write(`Median of ${rounds} rounds\n`);
printTable(
  ['', 'ms', 'of an empty Node'],
  [
    ['an empty Node', ms('emptyMs'), '1'],
    ['  CPU of its main thread', ms('emptyCpuMs'), '1'],
    ['start of the daemon until its first server runs', ...toEmpty('firstMs')],
    ['  CPU of its main thread by then', ms('firstCpuMs'), ratio('firstCpuMs', 'emptyCpuMs')],
    ['  CPU of all its threads', ms('firstCpuAllMs'), ratio('firstCpuAllMs', 'emptyCpuMs')],
    [
      'server killed until its next process runs',
      of('newPidMs').toFixed(1),
      ratio('newPidMs', 'emptyMs'),
    ],
    ['ringmaster status', ...toEmpty('statusMs')],
  ],
);
process.stdout.write('\n');
printTable(
  ['', 'ms', 'of the floor'],
  [
    [`floor: a bare Node until ${children} processes run`, ms('floorMs'), '1'],
    [`start of the daemon until ${children} servers run`, ms('manyMs'), ratio('manyMs', 'floorMs')],
  ],
);
process.stdout.write(
  `\nresident just after the start: ${(of('memoryBytes') / 1_048_576).toFixed(0)} MiB\n`,
);

async function measure(): Promise<Round> {
  const emptyMs = await runMs(['-e', '0']);
  const emptyCpuMs = await emptyNodeCpuMs();
  const first = await withDaemon(1, measureOne);
  const floorMs = await withFolder(bareMs);
  const { manyMs } = await withDaemon(children, async ({ births, startedAtMs }) => ({
    manyMs: (await birth(births, children)).atMs - startedAtMs,
  }));
  return { emptyMs, emptyCpuMs, floorMs, manyMs, ...first };
}

/** A daemon that has just been started. */
interface Started {
  readonly pid: number;
  readonly at: readonly string[];
  readonly births: string;
  readonly startedAtMs: number;
}

async function measureOne({ pid, at, births, startedAtMs }: Started) {
  const first = await birth(births, 1);
  const [firstCpuMs, firstCpuAllMs] = [threadCpuMs(pid, pid), allCpuMs(pid)];
  await new Promise((resolve) => setTimeout(resolve, lifeMs));
  const memory = memoryBytes(pid);
  const statusMs = await runMs([bin, 'status', ...at]);
  const killedAtMs = performance.timeOrigin + performance.now();
  process.kill(first.pid, 'SIGKILL');
  const next = await birth(births, 2);
  return {
    ...{ firstMs: first.atMs - startedAtMs, firstCpuMs, firstCpuAllMs, statusMs },
    ...{ newPidMs: next.atMs - killedAtMs, memoryBytes: memory },
  };
}

/** Starts a daemon with that many services, each of which writes down its birth. */
function withDaemon<T>(count: number, use: (started: Started) => Promise<T>): Promise<T> {
  return withFolder(async (folder, births, script) => {
    const file = join(folder, 'ringmaster.json');
    const one = { kind: 'service', command: '/bin/sh', args: [script] };
    const servers = Object.fromEntries(Array.from({ length: count }, (_, at) => [`s${at}`, one]));
    writeFileSync(file, JSON.stringify({ listen: { port: 0 }, servers }));
    const at = ['--file', file, '--data-dir', join(folder, 'data')];
    const startedAtMs = Date.now();
    const daemon = spawn(process.execPath, [bin, 'up', ...at], { stdio: 'ignore' });
    const gone = new Promise((resolve) => daemon.once('exit', resolve));
    try {
      return await use({ pid: daemon.pid ?? 0, at, births, startedAtMs });
    } finally {
      daemon.kill('SIGINT');
      await gone;
    }
  });
}

/** The same processes, started by a Node that does nothing else. */
async function bareMs(_: string, births: string, script: string): Promise<number> {
  const program = `const { spawn } = require('node:child_process');
    const all = Array.from({ length: ${children} }, () =>
      spawn('/bin/sh', [process.argv[1]], { stdio: ['ignore', 'pipe', 'pipe'] }));
    process.once('SIGTERM', () => { for (const one of all) one.kill('SIGKILL'); });`;
  const startedAtMs = Date.now();
  const bare = spawn(process.execPath, ['-e', program, script], { stdio: 'ignore' });
  const gone = new Promise((resolve) => bare.once('exit', resolve));
  try {
    return (await birth(births, children)).atMs - startedAtMs;
  } finally {
    bare.kill('SIGTERM');
    await gone;
  }
}

async function withFolder<T>(
  use: (folder: string, births: string, script: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-cold-'));
  const [births, script] = [join(folder, 'births'), join(folder, 'server.sh')];
  writeFileSync(script, `echo $$ $(date +%s%N) >> ${births}; exec sleep 1000\n`);
  try {
    return await use(folder, births, script);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Pid and moment of the server's process number `count`, as it wrote them itself. */
async function birth(file: string, count: number): Promise<{ pid: number; atMs: number }> {
  const untilMs = performance.now() + waitMaxMs;
  while (performance.now() < untilMs) {
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    const [pid, atNs] = lines.length > count ? (lines[count - 1] ?? '').split(' ') : [];
    if (atNs !== undefined) return { pid: Number(pid), atMs: Number(atNs) / 1e6 };
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`No process number ${count} within ${waitMaxMs} ms`);
}

/** How long a Node with these arguments takes, from start to end. */
async function runMs(args: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  return performance.now() - startedMs;
}

/** What the main thread of an empty Node has used when there is nothing left to do. */
async function emptyNodeCpuMs(): Promise<number> {
  const read = "require('node:fs').readFileSync('/proc/thread-self/schedstat', 'latin1')";
  const child = spawn(process.execPath, ['-e', `process.stdout.write(${read})`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  return Number(text.toString().split(' ')[0]) / 1e6;
}

/** CPU time of one thread so far, as the scheduler counts it (Linux). */
function threadCpuMs(pid: number, thread: number): number {
  const [runNs] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
  return Number(runNs) / 1e6;
}

function allCpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).map(Number);
  return threads.reduce((sum, thread) => sum + threadCpuMs(pid, thread), 0);
}
