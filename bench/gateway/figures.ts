/**
 * Writes `docs/reference/gateway-figures.md`: calls through Ringmaster beside the floor and beside other gateways, large
 * results, long lists, and what a call costs with many servers in the catalogue. Rounds are interleaved, ratios taken
 * round by round, every answer checked. `--rounds N --seconds N --peers` (fetches them from npm for the time it takes).
 */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { cpuMs, inRoot, startRingmaster, startTarget, type Target } from '../processes.ts';
import { median } from '../table.ts';
import { type Asked, createLoad, type Era, type Round } from './load.ts';
import { startPeers } from './peers.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
    peers: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const durationMs = Number(values.seconds) * 1_000;
const warmUpMs = 1_000;
const echo = { command: process.execPath, args: [inRoot('bench/dist/gateway/echo-child.js')] };

interface Contender {
  readonly name: string;
  readonly target: Target;
  readonly era: Era;
}

interface Figures {
  readonly name: string;
  readonly rate: number;
  /** Of the first contender's rate. */
  readonly share: number;
  /** 99th percentile of the first contender's. */
  readonly late: number;
  readonly cpuUsPerCall: number;
}

const page: string[] = [];
const note = (line = ''): void => {
  page.push(line);
  process.stdout.write(`${line}\n`);
};

async function compare(
  contenders: readonly Contender[],
  inFlight: number,
  asked: Asked = {},
): Promise<readonly Figures[]> {
  const loads = await Promise.all(
    contenders.map(async (one) => ({
      ...one,
      load: await createLoad(one.target.url, one.era, inFlight, asked),
      measured: [] as (Round & { readonly cpuUsPerCall: number })[],
    })),
  );
  for (const { load } of loads) await load.run(warmUpMs);
  for (let round = 0; round < rounds; round += 1) {
    // Every other round the other way round, so that nobody always follows the same one.
    for (const { load, target, measured } of round % 2 === 0 ? loads : loads.toReversed()) {
      const beforeMs = cpuMs(target.pid);
      const result = await load.run(durationMs);
      const cpuUsPerCall = ((cpuMs(target.pid) - beforeMs) * 1_000) / result.calls;
      measured.push({ ...result, cpuUsPerCall });
    }
  }
  await Promise.all(loads.map(({ load }) => load.close()));
  const first = loads[0]?.measured ?? [];
  return loads.map(({ name, measured }) => ({
    name,
    rate: median(measured.map(rateOf)),
    share: median(measured.map((one, at) => rateOf(one) / rateOf(first[at] ?? one))),
    late: median(measured.map((one, at) => lateOf(one) / lateOf(first[at] ?? one))),
    cpuUsPerCall: median(measured.map((one) => one.cpuUsPerCall)),
  }));
}

function rateOf({ calls, tookMs }: Round): number {
  return (calls * 1_000) / tookMs;
}

function lateOf({ latenciesMs }: Round): number {
  return latenciesMs[Math.floor(latenciesMs.length * 0.99)] ?? 0;
}

function table(figures: readonly Figures[]): void {
  note('| | a second | of the floor | p99, times the floor | CPU µs a call |');
  note('|---|---|---|---|---|');
  for (const { name, rate, share, late, cpuUsPerCall } of figures) {
    const cells = [rate.toFixed(0), share.toFixed(2), late.toFixed(1), cpuUsPerCall.toFixed(0)];
    note(`| ${name} | ${cells.join(' | ')} |`);
  }
  note();
}

async function calls(): Promise<void> {
  const targets = [await startTarget('floor'), await startTarget('direct')] as const;
  const ours = await startRingmaster({ echo });
  const peers = values.peers ? await startPeers() : [];
  const own: readonly Contender[] = [
    { name: 'floor', target: targets[0], era: 'legacy' },
    { name: 'HTTP alone, no child', target: targets[1], era: 'legacy' },
    { name: 'Ringmaster', target: ours, era: 'legacy' },
    { name: 'Ringmaster, 2026-07-28', target: ours, era: 'modern' },
  ];
  const others = peers.map(({ name, target }): Contender => ({ name, target, era: 'legacy' }));
  for (const inFlight of [1, 16, 64]) {
    note(`## Calls, ${inFlight} in flight\n`);
    table(await compare([...own, ...others], inFlight));
  }
  note('## Results of 1 MiB, 2 in flight\n');
  const large = own.filter(({ name }) => name !== 'HTTP alone, no child');
  table(await compare(large, 2, { textLength: 1_048_576 }));
  const all = [...targets, ours, ...peers.map(({ target }) => target)];
  await Promise.all(all.map((target) => target.stop()));
}

async function many(serverCount: number, toolCount: number) {
  const upstream = await startTarget('many', ['--tools', `${toolCount}`]);
  const origin = new URL(upstream.url).origin;
  const numbers = Array.from({ length: serverCount }, (_, number) => `s${number}`);
  const ours = await startRingmaster({
    echo,
    ...Object.fromEntries(numbers.map((name) => [name, { url: `${origin}/${name}` }])),
  });
  return { ours, stop: () => Promise.all([ours.stop(), upstream.stop()]) };
}

async function lists(): Promise<void> {
  note('## The list of 300 tools in 20 servers, 16 in flight\n');
  const { ours, stop } = await many(20, 15);
  const [figures] = await compare([{ name: '', target: ours, era: 'legacy' }], 16, {
    toolCount: 301,
  });
  note(
    `${figures?.rate.toFixed(0)} a second, ${figures?.cpuUsPerCall.toFixed(0)} µs of CPU each\n`,
  );
  await stop();
}

async function curve(): Promise<void> {
  note('## A call with many servers in the catalogue, 16 in flight\n');
  const sizes = [1, 10, 100, 1_000];
  const daemons = [];
  for (const size of sizes) daemons.push(await many(size, 3));
  const figures = await compare(
    daemons.map(({ ours }, at) => ({ name: `${sizes[at]}`, target: ours, era: 'legacy' })),
    16,
  );
  note('| servers beside it | of the rate with 1 | CPU µs a call |');
  note('|---|---|---|');
  for (const { name, share, cpuUsPerCall } of figures) {
    note(`| ${name} | ${share.toFixed(2)} | ${cpuUsPerCall.toFixed(0)} |`);
  }
  note();
  await Promise.all(daemons.map(({ stop }) => stop()));
}

note('# Figures of the gateway\n');
note('<!-- Measured by `npm run bench:figures`. Do not edit. -->\n');
note(`Node ${process.versions.node}, ${cpus().length} cores shared by client, gateway and server.`);
note(
  `${rounds} interleaved rounds of ${values.seconds} s, medians of ratios round by round; every answer checked.`,
);
note(
  `Load average before the first round: ${loadavg()[0]?.toFixed(1)}; beside other work single figures are noise.`,
);
note('How to read them: [performance.md](../guides/performance.md).\n');
await calls();
await lists();
await curve();
writeFileSync(inRoot('docs/reference/gateway-figures.md'), `${page.join('\n').trimEnd()}\n`);
