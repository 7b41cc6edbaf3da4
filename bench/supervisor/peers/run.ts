/**
 * Ringmaster beside pm2, supervisord, circus, runit and s6, in rounds that alternate: start, crash, rest, crash loop,
 * death of the manager, stop. All with their defaults. `--rounds N --idle-seconds N --loop-seconds N --only NAMES`.
 */
import { parseArgs } from 'node:util';
import { cpuMs, memoryBytes } from '../../processes.ts';
import { median, printTable } from '../../table.ts';
import { allPeers } from './index.ts';
import type { Peer } from './peer.ts';
import { fetchPeers } from './places.ts';
import { isAlive, kill, passed, setStage } from './stage.ts';

const { values } = parseArgs({
  options: {
    peers: { type: 'boolean' },
    rounds: { type: 'string', default: '3' },
    'idle-seconds': { type: 'string', default: '20' },
    'loop-seconds': { type: 'string', default: '60' },
    only: { type: 'string', default: '' },
  },
});
const rounds = Number(values.rounds);
const many = 50;
const startMaxMs = 30_000;
const settleMs = 6_000;
const crashes = 3;
const quiet = { logs: false };
const seconds = (text: string) => Number(text) * 1_000;

const missing = fetchPeers();
if (missing.length > 0) process.stdout.write(`not measured: ${missing.join(', ')}\n`);
const only = values.only.split(',').filter(Boolean);
const peers = allPeers().filter(({ name }) => only.length === 0 || only.includes(name));

const figures = new Map(peers.map(({ name }) => [name, new Map<string, number[]>()]));
for (let round = 0; round < rounds; round += 1)
  for (const peer of peers) {
    add(peer, 'cold', await coldStart(peer));
    for (const [what, value] of Object.entries(await manyWorkers(peer, round === 0)))
      add(peer, what, value);
  }
const ours = figures.get('ringmaster');
const cell = (peer: Peer, what: string, unit: string) => {
  const value = median(figures.get(peer.name)?.get(what) ?? []);
  const own = median(ours?.get(what) ?? []);
  const ratio = peer.name === 'ringmaster' || !(own > 0) ? '' : ` (${(value / own).toFixed(2)}x)`;
  return Number.isNaN(value) ? '-' : `${value.toFixed(value < 10 ? 1 : 0)} ${unit}${ratio}`;
};
printTable(
  [
    'manager',
    'first start',
    `${many} started`,
    'crash to new pid',
    'rest: CPU',
    'RSS',
    'processes',
  ],
  peers.map((peer) => [
    `${peer.name} ${peer.version()}`,
    ...[cell(peer, 'cold', 'ms'), cell(peer, 'many', 'ms'), cell(peer, 'crash', 'ms')],
    ...[cell(peer, 'idle', '‰ core'), cell(peer, 'memory', 'MB'), cell(peer, 'processes', '')],
  ]),
);
process.stdout.write('\n');
// What follows only waits and counts, so all of them wait together.
const loops = await Promise.all(peers.map(crashLoop));
const deaths = await Promise.all(peers.map(managerDies));
const stops = await Promise.all(
  peers.map(async (peer) =>
    (await Promise.all([stopOf(peer, 'stubborn'), stopOf(peer, 'leaver')])).flat(),
  ),
);
printTable(
  [
    'manager',
    'loop: starts in 10 s',
    `in ${values['loop-seconds']} s`,
    'killed: quiet alive',
    'chatty alive',
    'workers after restart',
    'stop A',
    'left',
    'stop B',
    'left',
  ],
  peers.map((peer, at) => [
    peer.name,
    ...(loops[at] ?? []),
    ...(deaths[at] ?? []),
    ...(stops[at] ?? []),
  ]),
);

function add(peer: Peer, what: string, value: number | undefined): void {
  const own = figures.get(peer.name);
  if (value !== undefined) own?.set(what, [...(own.get(what) ?? []), value]);
}

async function coldStart(peer: Peer): Promise<number | undefined> {
  const stage = await setStage(peer, ['idle'], quiet);
  // runit looks at a folder that changed this second only in the next one.
  await passed(1_100);
  stage.begin(false);
  const atMs = await stage.whenStarted(1, startMaxMs);
  await stage.end();
  return atMs === undefined ? undefined : atMs - stage.begun;
}

/** Fifty workers: until all are up, what a crash costs, and what rest costs. */
async function manyWorkers(
  peer: Peer,
  withRest: boolean,
): Promise<Record<string, number | undefined>> {
  const stage = await setStage(peer, Array(many).fill('idle'), quiet);
  await passed(1_100);
  stage.begin(false);
  const upAtMs = await stage.whenStarted(many, startMaxMs);
  const result: Record<string, number | undefined> = {
    many: upAtMs === undefined ? undefined : upAtMs - stage.begun,
  };
  await passed(settleMs);
  if (withRest) Object.assign(result, await atRest(stage));
  const took: number[] = [];
  for (const { pid } of stage.starts().slice(0, crashes)) {
    const before = stage.starts().length;
    const killedMs = performance.now();
    kill(pid);
    const atMs = await stage.whenStarted(before + 1, startMaxMs);
    if (atMs !== undefined) took.push(atMs - killedMs);
    await passed(300);
  }
  result['crash'] = took.length === 0 ? undefined : median(took);
  await stage.end();
  return result;
}

async function atRest(
  stage: Awaited<ReturnType<typeof setStage>>,
): Promise<Record<string, number>> {
  await passed(settleMs);
  const pids = stage.managers();
  const cpu = () => pids.filter(isAlive).reduce((sum, pid) => sum + cpuMs(pid), 0);
  const before = cpu();
  await passed(seconds(values['idle-seconds']));
  return {
    idle: ((cpu() - before) / seconds(values['idle-seconds'])) * 1_000,
    memory: pids.filter(isAlive).reduce((sum, pid) => sum + memoryBytes(pid), 0) / 1e6,
    processes: pids.length,
  };
}

async function crashLoop(peer: Peer): Promise<string[]> {
  const stage = await setStage(peer, ['crash'], quiet);
  stage.begin(false);
  await stage.whenStarted(1, startMaxMs);
  const firstMs = stage.starts()[0]?.atMs ?? performance.now();
  await passed(seconds(values['loop-seconds']));
  const within = (ms: number) => stage.starts().filter(({ atMs }) => atMs - firstMs <= ms).length;
  const counts = [within(10_000), within(seconds(values['loop-seconds']))].map(String);
  await stage.end();
  return counts;
}

/** Three quiet workers and two that print; the manager is killed and begun again. */
async function managerDies(peer: Peer): Promise<string[]> {
  const stage = await setStage(peer, ['idle', 'idle', 'idle', 'chatty', 'chatty'], { logs: true });
  await passed(1_100);
  stage.begin(false);
  await stage.whenStarted(5, startMaxMs);
  await passed(settleMs);
  const remember = peer.remember?.(stage.run);
  if (remember !== undefined) await stage.command(remember);
  const first = stage.starts().slice(0, 5);
  kill(stage.manager());
  await passed(3_000);
  const alive = (names: readonly string[]) =>
    first.filter(({ name, pid }) => names.includes(name) && isAlive(pid)).length;
  const survived = [`${alive(['w0', 'w1', 'w2'])}/3`, `${alive(['w3', 'w4'])}/2`];
  stage.begin(true);
  await passed(settleMs);
  const now = stage.workers('leaders').length;
  await stage.end();
  return [...survived, `${now} of 5`];
}

/** Time until the worker itself is gone, and how many of its processes are left two seconds after the command. */
async function stopOf(peer: Peer, mode: string): Promise<string[]> {
  const stage = await setStage(peer, [mode], quiet);
  await passed(1_100);
  stage.begin(false);
  await stage.whenStarted(1, startMaxMs);
  await passed(3_000);
  const pid = stage.starts()[0]?.pid ?? 0;
  const beganMs = performance.now();
  let goneMs: number | undefined;
  const looking = setInterval(() => {
    if (!isAlive(pid)) goneMs ??= performance.now();
  }, 10);
  await Promise.race([stage.command(peer.stop(stage.run, 'w0')), passed(40_000)]);
  await passed(2_000);
  clearInterval(looking);
  const took = goneMs === undefined ? 'never' : `${((goneMs - beganMs) / 1_000).toFixed(1)} s`;
  const left = stage.workers('all').length;
  await stage.end();
  return [took, String(left)];
}
