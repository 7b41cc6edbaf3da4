/**
 * One shared stdio child behind Ringmaster, beside the floor (`floor.ts`) and HTTP alone (`direct.ts`), at several
 * numbers of calls in flight. Rounds are interleaved and ratios taken round by round, as the machine's speed drifts;
 * every answer is checked. `--rounds N --seconds N --in-flight 1,16,64`.
 */
import { parseArgs } from 'node:util';
import {
  childrenOf,
  cpuMs,
  inRoot,
  memoryBytes,
  startRingmaster,
  startTarget,
  type Target,
} from '../processes.ts';
import { median, printTable } from '../table.ts';
import { createLoad, type Era, type Round } from './load.ts';

interface Contender {
  readonly name: string;
  readonly target: Target;
  readonly era: Era;
}

interface Measured extends Round {
  readonly cpuMsPerCall: number;
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    'in-flight': { type: 'string', default: '1,16,64' },
  },
});
const rounds = Number(values.rounds);
const durationMs = Number(values.seconds) * 1_000;
const warmUpMs = 1_500;

const floor = await startTarget('floor');
const direct = await startTarget('direct');
const child = { command: process.execPath, args: [inRoot('bench/dist/gateway/echo-child.js')] };
const ours = await startRingmaster({ echo: child });

const contenders: readonly Contender[] = [
  { name: 'floor', target: floor, era: 'legacy' },
  { name: 'HTTP alone', target: direct, era: 'legacy' },
  { name: 'ringmaster', target: ours, era: 'legacy' },
  { name: 'ringmaster 2026-07-28', target: ours, era: 'modern' },
];

try {
  for (const inFlight of values['in-flight'].split(',').map(Number)) await compare(inFlight);
  process.stdout.write(
    `\n${childrenOf(ours.pid).length} children of the daemon, as at the start\n`,
  );
} finally {
  await Promise.all([floor, direct, ours].map((target) => target.stop()));
}

async function compare(inFlight: number): Promise<void> {
  const results = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
  const loads = await Promise.all(
    contenders.map(async (contender) => ({
      ...contender,
      load: await createLoad(contender.target.url, contender.era, inFlight),
    })),
  );
  for (const { load } of loads) await load.run(warmUpMs);
  for (let round = 0; round < rounds; round += 1)
    for (const { name, target, load } of loads) {
      const beforeMs = cpuMs(target.pid);
      const result = await load.run(durationMs);
      const cpuMsPerCall = (cpuMs(target.pid) - beforeMs) / result.calls;
      results.get(name)?.push({ ...result, cpuMsPerCall });
    }
  await Promise.all(loads.map(({ load }) => load.close()));
  print(inFlight, results);
}

function print(inFlight: number, results: ReadonlyMap<string, readonly Measured[]>): void {
  const floors = results.get('floor') ?? [];
  process.stdout.write(`\n${inFlight} in flight, ${rounds} rounds of ${values.seconds} s\n`);
  const rows = contenders.map(({ name, target }) => {
    const measured = results.get(name) ?? [];
    const ratios = measured.map((round, at) => rate(round) / rate(floors[at] ?? round));
    return [
      name,
      median(measured.map(rate)).toFixed(0),
      median(ratios).toFixed(2),
      ...[0.5, 0.95, 0.99].map((share) => percentile(measured, share).toFixed(2)),
      median(measured.map((round) => round.cpuMsPerCall)).toFixed(3),
      (memoryBytes(target.pid) / 1_048_576).toFixed(0),
    ];
  });
  printTable(
    ['', 'calls/s', 'of floor', 'p50 ms', 'p95 ms', 'p99 ms', 'CPU ms/call', 'RSS MiB'],
    rows,
  );
}

function rate(round: Round): number {
  return round.calls / (round.tookMs / 1_000);
}

function percentile(measured: readonly Round[], share: number): number {
  return median(
    measured.map(({ latenciesMs }) => latenciesMs[Math.floor(latenciesMs.length * share)] ?? 0),
  );
}
