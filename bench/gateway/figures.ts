/**
 * Writes `docs/reference/gateway-figures.md`: calls through Ringmaster beside the floor and beside other gateways, large
 * results, long lists, and what a call costs with many servers in the catalogue. Rounds are interleaved, ratios taken
 * round by round, every answer checked. `--rounds N --seconds N --peers` (fetches them from npm for the time it takes)
 * `--only calls,lists,servers,tools,sessions` (measures some sections anew and leaves the others as they stand).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import {
  cpuMs,
  inRoot,
  memoryBytes,
  startRingmaster,
  startTarget,
  type Target,
} from '../processes.ts';
import { median } from '../table.ts';
import { type Contender, compareRounds, echo, latencyMs, rateOf } from './compare.ts';
import type { Asked } from './load.ts';
import { startPeers } from './peers.ts';
import { openSessions } from './sessions.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
    peers: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const durationMs = Number(values.seconds) * 1_000;
/** What a start leaves to do is over after this long; then it is measured this long what a daemon does unasked. */
const settleMs = 8_000;
const restMs = 10_000;
/** What can be switched off is off; the journal cannot be, as every figure comes from it. */
const bareSettings = {
  metrics: { sampleMs: '10m', prometheus: false },
  alerts: { cpuPercent: false, memoryPercent: false, diskPercent: false },
};

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
  const compared = await compareRounds(contenders, { inFlight, rounds, durationMs, asked });
  const first = compared[0]?.rounds ?? [];
  return compared.map(({ name, rounds: measured }) => ({
    name,
    rate: median(measured.map(rateOf)),
    share: median(measured.map((one, at) => rateOf(one) / rateOf(first[at] ?? one))),
    late: median(
      measured.map((one, at) => latencyMs(one, 0.99) / latencyMs(first[at] ?? one, 0.99)),
    ),
    cpuUsPerCall: median(measured.map((one) => one.cpuMsPerCall)) * 1_000,
  }));
}

function table(figures: readonly Figures[], first = 'the floor'): void {
  note(`| | a second | of ${first} | p99, times ${first} | CPU µs a call |`);
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
  const bare = await startRingmaster({ echo }, [], bareSettings);
  const peers = values.peers ? await startPeers() : [];
  const own: readonly Contender[] = [
    { name: 'floor', target: targets[0], era: 'legacy' },
    { name: 'HTTP alone, no child', target: targets[1], era: 'legacy' },
    { name: 'Ringmaster', target: ours, era: 'legacy' },
    { name: 'Ringmaster, 2026-07-28', target: ours, era: 'modern' },
    { name: 'Ringmaster, bare', target: bare, era: 'legacy' },
  ];
  const others = peers.map(({ name, target }): Contender => ({ name, target, era: 'legacy' }));
  for (const inFlight of [1, 16, 64]) {
    note(`## Calls, ${inFlight} in flight\n`);
    table(await compare([...own, ...others], inFlight));
  }
  note('## Results of 1 MiB, 2 in flight\n');
  const small = new Set(['HTTP alone, no child', 'Ringmaster, bare']);
  const large = own.filter(({ name }) => !small.has(name));
  table(await compare(large, 2, { textLength: 1_048_576 }));
  const all = [...targets, ours, bare, ...peers.map(({ target }) => target)];
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
  const alone = await startTarget('direct', ['--tools', '301']);
  const { ours, stop } = await many(20, 15);
  const first = 'HTTP alone';
  table(
    await compare(
      [
        { name: `${first}, the same list`, target: alone, era: 'legacy' },
        { name: 'Ringmaster', target: ours, era: 'legacy' },
        { name: 'Ringmaster, 2026-07-28', target: ours, era: 'modern' },
      ],
      16,
      { toolCount: 301 },
    ),
    first,
  );
  await Promise.all([alone.stop(), stop()]);
}

/** A daemon among others that differ from it in one number. */
interface Sized {
  readonly size: number;
  readonly ours: Target;
  stop(): Promise<unknown>;
}

/** What calls cost beside more and more of something, and what that costs without calls. */
async function curve(title: string, what: string, daemons: readonly Sized[]): Promise<void> {
  note(`## ${title}, 16 in flight\n`);
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const before = daemons.map(({ ours }) => cpuMs(ours.pid));
  await new Promise((resolve) => setTimeout(resolve, restMs));
  const rest = daemons.map(
    ({ ours }, at) => ((cpuMs(ours.pid) - (before[at] ?? 0)) * 1_000) / restMs,
  );
  const contenders = daemons.map(({ ours, size }, at): Contender => {
    const restMsPerSecond = rest[at] ?? 0;
    return { name: `${size}`, target: ours, era: 'legacy', restMsPerSecond };
  });
  const figures = await compare(contenders, 16);
  note(`| ${what} | of the rate with the first | CPU µs a call | CPU ms a second at rest | MiB |`);
  note('|---|---|---|---|---|');
  figures.forEach(({ name, share, cpuUsPerCall }, at) => {
    const mib = memoryBytes(daemons[at]?.ours.pid ?? 0) / 1_048_576;
    const cells = [share.toFixed(2), cpuUsPerCall.toFixed(0), rest[at]?.toFixed(0), mib.toFixed(0)];
    note(`| ${name} | ${cells.join(' | ')} |`);
  });
  note();
  for (const daemon of daemons) await daemon.stop();
}

async function servers(): Promise<void> {
  const daemons: Sized[] = [];
  for (const size of [1, 10, 100, 1_000]) daemons.push({ size, ...(await many(size, 3)) });
  await curve('A call with many servers in the catalogue', 'servers beside it', daemons);
}

async function tools(): Promise<void> {
  const daemons: Sized[] = [];
  for (const size of [20, 5_000]) daemons.push({ size, ...(await many(20, size / 20)) });
  await curve('A call with many tools in the catalogue', 'tools of 20 servers', daemons);
}

async function sessions(): Promise<void> {
  const daemons: Sized[] = [];
  for (const size of [1, 10, 100, 1_000, 10_000]) {
    const ours = await startRingmaster({ echo });
    // One of them is the caller's.
    await openSessions(ours.url, size - 1);
    daemons.push({ size, ours, stop: ours.stop });
  }
  await curve('A call with many sessions open', 'sessions', daemons);
}

/** What can be measured by itself, in the order of the page. */
const sections: Readonly<Record<string, () => Promise<void>>> = {
  calls,
  lists,
  servers,
  tools,
  sessions,
};

async function measure(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const section = sections[name];
    if (section === undefined)
      throw new Error(`--only ${name}: it is one of ${Object.keys(sections).join(', ')}`);
    await section();
  }
}

function loadAverage(): string {
  return `${loadavg()[0]?.toFixed(1)}; beside other work single figures are noise`;
}

/** The page with the parts that were measured anew in the place of what stood there, each with its own conditions. */
function withReplaced(old: string, measured: readonly string[], conditions: string): string {
  const parts = old.trimEnd().split(/\n(?=## )/);
  for (const part of measured.join('\n').split(/\n(?=## )/)) {
    const [heading = '', ...rest] = part.trimEnd().split('\n');
    const anew = [heading, '', conditions, ...rest].join('\n');
    const at = parts.findIndex((one) => one.startsWith(`${heading}\n`));
    if (at < 0) parts.push(anew);
    else parts[at] = anew;
  }
  return parts.map((part) => part.trimEnd()).join('\n\n');
}

const file = inRoot('docs/reference/gateway-figures.md');
if (values.only === undefined) {
  note('# Figures of the gateway\n');
  note('<!-- Measured by `npm run bench:figures`. Do not edit. -->\n');
  note(
    `Node ${process.versions.node}, ${cpus().length} cores shared by client, gateway and server.`,
  );
  note(
    `${rounds} interleaved rounds of ${values.seconds} s, medians of ratios round by round; every answer checked.`,
  );
  note(`Load average before the first round: ${loadAverage()}.`);
  note('How to read them: [performance.md](../guides/performance.md).\n');
  await measure(Object.keys(sections));
  writeFileSync(file, `${page.join('\n').trimEnd()}\n`);
} else {
  const how = `Measured by itself, ${rounds} rounds of ${values.seconds} s. Load average before`;
  const conditions = `${how}: ${loadAverage()}.`;
  await measure(values.only.split(','));
  writeFileSync(file, `${withReplaced(readFileSync(file, 'utf8'), page, conditions)}\n`);
}
