/**
 * `npm run bench:supervisor -- --cold`: how long a start of the daemon takes until its first server runs, how long that
 * server is gone when it is killed, and how long `ringmaster status` takes; each beside an empty Node, in turn.
 * `--rounds N`. The CPU time of the main thread is what a quiet machine would take; what is waited for shows in the ms.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inRoot, memoryBytes } from '../processes.ts';
import { median, printTable } from '../table.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, cold: { type: 'boolean' } },
});
const rounds = Number(values.rounds);
const bin = inRoot('packages/ringmaster/bin/ringmaster.js');
const waitMaxMs = 30_000;
/** Between birth and death of the server: it counts as started then. */
const lifeMs = 1_500;

/** One round: milliseconds, or bytes where it says so. */
interface Round {
  readonly emptyMs: number;
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
const toEmpty = (key: keyof Round) => median(seen.map((one) => one[key] / one.emptyMs)).toFixed(2);
const ms = (key: keyof Round) => of(key).toFixed(0);
process.stdout.write(`Median of ${rounds} rounds\n`);
printTable(
  ['', 'ms', 'of an empty Node'],
  [
    ['an empty Node', ms('emptyMs'), '1'],
    ['start of the daemon until its first server runs', ms('firstMs'), toEmpty('firstMs')],
    ['  CPU of its main thread by then', ms('firstCpuMs'), toEmpty('firstCpuMs')],
    ['  CPU of all its threads', ms('firstCpuAllMs'), toEmpty('firstCpuAllMs')],
    ['server killed until its next process runs', of('newPidMs').toFixed(1), toEmpty('newPidMs')],
    ['ringmaster status', ms('statusMs'), toEmpty('statusMs')],
  ],
);
process.stdout.write(`resident just then: ${(of('memoryBytes') / 1_048_576).toFixed(0)} MiB\n`);

async function measure(): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-cold-'));
  const births = join(folder, 'births');
  const file = join(folder, 'ringmaster.json');
  const script = join(folder, 'server.sh');
  writeFileSync(script, `echo $$ $(date +%s%N) >> ${births}; exec sleep 1000\n`);
  const one = { kind: 'service', command: '/bin/sh', args: [script] };
  writeFileSync(file, JSON.stringify({ listen: { port: 0 }, servers: { one } }));
  const at = ['--file', file, '--data-dir', join(folder, 'data')];
  const emptyMs = await runMs(['-e', '0']);
  const startedAtMs = Date.now();
  const daemon = spawn(process.execPath, [bin, 'up', ...at], { stdio: 'ignore' });
  const gone = new Promise((resolve) => daemon.once('exit', resolve));
  const pid = daemon.pid ?? 0;
  try {
    const first = await birth(births, 1);
    const [firstCpuMs, firstCpuAllMs] = [threadCpuMs(pid, pid), allCpuMs(pid)];
    await new Promise((resolve) => setTimeout(resolve, lifeMs));
    const memory = memoryBytes(pid);
    const statusMs = await runMs([bin, 'status', ...at]);
    const killedAtMs = performance.timeOrigin + performance.now();
    process.kill(first.pid, 'SIGKILL');
    const next = await birth(births, 2);
    return {
      ...{ emptyMs, firstMs: first.atMs - startedAtMs, firstCpuMs, firstCpuAllMs, statusMs },
      ...{ newPidMs: next.atMs - killedAtMs, memoryBytes: memory },
    };
  } finally {
    daemon.kill('SIGINT');
    await gone;
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

/** CPU time of one thread so far, as the scheduler counts it (Linux). */
function threadCpuMs(pid: number, thread: number): number {
  const [runNs] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
  return Number(runNs) / 1e6;
}

function allCpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).map(Number);
  return threads.reduce((sum, thread) => sum + threadCpuMs(pid, thread), 0);
}
