/**
 * A server that does one thing at a time: one client on its pipes, beside the same client at Ringmaster with pools of
 * one and of two. Rounds are interleaved and ratios taken round by round; every answer is checked.
 * `--rounds N --seconds N --in-flight N --takes MS`.
 */
import { parseArgs } from 'node:util';
import { inRoot, startRingmaster } from '../processes.ts';
import { median, printTable } from '../table.ts';
import { createLoad } from './load.ts';
import { createStdioLoad } from './stdio-load.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    'in-flight': { type: 'string', default: '16' },
    takes: { type: 'string', default: '5' },
  },
});
const rounds = Number(values.rounds);
const durationMs = Number(values.seconds) * 1_000;
const inFlight = Number(values['in-flight']);
const args = [inRoot('bench/dist/gateway/serial-child.js'), values.takes];
const entry = { command: process.execPath, args };

const one = await startRingmaster({ serial: { ...entry, pool: { min: 1, max: 1 } } });
const two = await startRingmaster({ serial: { ...entry, pool: { min: 2, max: 2 } } });
const direct = createStdioLoad(args, inFlight);
const loads = [
  { name: 'its pipes, nothing between', load: direct },
  { name: 'ringmaster, one process', load: await createLoad(one.url, 'legacy', inFlight) },
  { name: 'ringmaster, two processes', load: await createLoad(two.url, 'legacy', inFlight) },
];
const rates = new Map<string, number[]>(loads.map(({ name }) => [name, []]));

try {
  for (const { load } of loads) await load.run(durationMs / 2);
  for (let round = 0; round < rounds; round += 1)
    for (const { name, load } of loads) {
      const { calls, tookMs } = await load.run(durationMs);
      rates.get(name)?.push((calls * 1_000) / tookMs);
    }
  const floor = rates.get(loads[0]?.name ?? '') ?? [];
  process.stdout.write(`\n${inFlight} in flight, ${values.takes} ms a call, ${rounds} rounds\n`);
  printTable(
    ['', 'calls/s', 'of its pipes'],
    loads.map(({ name }) => {
      const measured = rates.get(name) ?? [];
      const ratios = measured.map((rate, at) => rate / (floor[at] ?? rate));
      return [name, median(measured).toFixed(0), median(ratios).toFixed(2)];
    }),
  );
} finally {
  for (const { load } of loads) await load.close();
  await Promise.all([one.stop(), two.stop()]);
}
