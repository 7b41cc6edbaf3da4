/**
 * `npm run bench:supervisor -- --sampling`: what a look at 50 processes costs, beside what reading their
 * files the usual way does: one after the other without a pause, and one a second, when nothing of it is in a cache any
 * more. V8 does not optimise, as in the first minutes of a daemon. `--children N --seconds N`.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { inRoot } from '../processes.ts';
import { median, printTable } from '../table.ts';

type SamplerModule = typeof import('../../packages/ringmaster/src/supervisor/io/sampler.ts');

const { values } = parseArgs({
  options: {
    children: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '60' },
    sampling: { type: 'boolean' },
  },
});
const roundsInRow = 1_000;
/** Trees younger than this are looked up at every look. */
const settleMs = 20_000;

setFlagsFromString('--no-opt');
const module: SamplerModule = await import(
  inRoot('packages/ringmaster/dist/supervisor/io/sampler.js')
);
const children = Array.from({ length: Number(values.children) }, () =>
  spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'], { stdio: 'ignore' }),
);
const pids = children.flatMap(({ pid }) => pid ?? []);
const sampler = module.createSampler();
const ways = {
  'the daemon: descriptors stay open, bytes are compared': () => sampler.take(pids),
  'readFileSync and split': () => {
    for (const pid of pids) readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ');
  },
};

try {
  sampler.take(pids);
  await setTimeout(settleMs);
  const rows: string[][] = [];
  for (const [name, look] of Object.entries(ways)) {
    const inRow = Array.from({ length: roundsInRow }, () => costMs(look));
    const apart: number[] = [];
    for (let second = 0; second < Number(values.seconds); second += 1) {
      await setTimeout(1_000);
      apart.push(costMs(look));
    }
    rows.push([name, median(inRow).toFixed(2), median(apart).toFixed(2)]);
  }
  printTable([`ms of CPU a look at ${pids.length} processes`, 'in a row', 'one a second'], rows);
} finally {
  sampler.close();
  for (const child of children) child.kill('SIGKILL');
}

/** CPU time of this process, in which nothing else happens. */
function costMs(look: () => void): number {
  const before = process.cpuUsage();
  look();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
