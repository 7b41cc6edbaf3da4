/**
 * One shared stdio child behind Ringmaster, beside the floor (`floor.ts`) and HTTP alone (`direct.ts`), at several
 * numbers of calls in flight. Rounds are interleaved and ratios taken round by round, as the machine's speed drifts;
 * every answer is checked. `--rounds N --seconds N --in-flight 1,16,64`.
 */
import { parseArgs } from 'node:util';
import { childrenOf, memoryBytes, startRingmaster, startTarget } from '../processes.ts';
import { median, printTable } from '../table.ts';
import {
  type Compared,
  type Contender,
  compareRounds,
  echo,
  latencyMs,
  type Measured,
  rateOf,
} from './compare.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    'in-flight': { type: 'string', default: '1,16,64' },
  },
});
const rounds = Number(values.rounds);
const durationMs = Number(values.seconds) * 1_000;

const floor = await startTarget('floor');
const direct = await startTarget('direct');
const ours = await startRingmaster({ echo });

const contenders: readonly Contender[] = [
  { name: 'floor', target: floor, era: 'legacy' },
  { name: 'HTTP alone', target: direct, era: 'legacy' },
  { name: 'ringmaster', target: ours, era: 'legacy' },
  { name: 'ringmaster 2026-07-28', target: ours, era: 'modern' },
];

try {
  for (const inFlight of values['in-flight'].split(',').map(Number)) {
    process.stdout.write(`\n${inFlight} in flight, ${rounds} rounds of ${values.seconds} s\n`);
    print(await compareRounds(contenders, { inFlight, rounds, durationMs }));
  }
  process.stdout.write(
    `\n${childrenOf(ours.pid).length} children of the daemon, as at the start\n`,
  );
} finally {
  await Promise.all([floor, direct, ours].map((target) => target.stop()));
}

function print(compared: readonly Compared[]): void {
  const floors = compared[0]?.rounds ?? [];
  const rows = compared.map(({ name, target, rounds: measured }) => {
    const shares = measured.map((round, at) => rateOf(round) / rateOf(floors[at] ?? round));
    return [
      name,
      median(measured.map(rateOf)).toFixed(0),
      median(shares).toFixed(2),
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

function percentile(measured: readonly Measured[], share: number): number {
  return median(measured.map((round) => latencyMs(round, share)));
}
