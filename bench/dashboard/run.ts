/**
 * How long the pages of the dashboard take in Debian's Chromium over a fleet with a past: 50 servers, 30 days, eight
 * deaths a server a day. Beside the floor, an empty page. Rounds alternate; every figure is a median.
 * `--servers N --days N --rounds N --lines N --only pages,logs,live`; `--journal FILE` keeps the past for the next run.
 */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuMs, inRoot, startRingmaster } from '../processes.ts';
import { median, printTable } from '../table.ts';
import { newReader, openBrowser, type Visit, visit } from './browser.ts';
import { measureLive } from './live.ts';
import { measureLogs } from './logs.ts';
import { writePast } from './past.ts';

const { values } = parseArgs({
  options: {
    servers: { type: 'string', default: '50' },
    days: { type: 'string', default: '30' },
    rounds: { type: 'string', default: '5' },
    lines: { type: 'string', default: '1000000' },
    only: { type: 'string', default: 'pages,logs,live' },
    journal: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const deathsPerDay = 8;
const servers = Array.from(
  { length: Number(values.servers) },
  (_, at) => `server-${String(at).padStart(2, '0')}`,
);
const only = new Set(values.only.split(','));

if (only.has('pages')) await pages();
if (only.has('logs')) await measureLogs(Number(values.lines), rounds);
if (only.has('live')) await measureLive();

/** Of every page, what is there when it is whole. */
function pagesOf(): readonly (readonly [name: string, path: string, isDrawn: string])[] {
  const count = (selector: string): string => `document.querySelectorAll('${selector}').length`;
  const box = (least: number): string => `${count('main .box')} >= ${least}`;
  const rows = `${count('main tbody tr')} > 5`;
  const wholeFleet = `${count('table.fleet tbody tr svg.lane')} >= ${servers.length}`;
  return [
    ['Fleet, 6 h', '/', wholeFleet],
    ['Fleet, 30 d', '/?range=30d', wholeFleet],
    [
      'Server, 30 d',
      `/servers/${servers[0]}?range=30d`,
      `${box(5)} && ${rows} && ${count('.happened path')} > 3`,
    ],
    ['Calls', '/calls?range=30d', rows],
    ['Alerts, history', '/alerts?view=history', `${box(1)} && ${rows}`],
    ['Metrics, 30 d', '/metrics?range=30d', `${count('.panels canvas')} >= 5`],
    ['Audit', '/audit?range=30d', box(1)],
    ['Reports, performance', '/reports?view=performance', `${box(1)} && ${rows}`],
    ['Reports, capacity', '/reports?view=capacity', box(1)],
  ];
}

async function pages(): Promise<void> {
  const entry = { command: process.execPath, args: [inRoot('bench/dist/gateway/echo-child.js')] };
  const fleet = Object.fromEntries(servers.map((server) => [server, entry]));
  const daemon = await startRingmaster(fleet, [], {}, prepare);
  const empty = await serveEmptyPage();
  const browser = await openBrowser();
  try {
    const { origin } = new URL(daemon.url);
    const measured = pagesOf().map(([name, path, isDrawn]) => ({
      ...{ name, url: `${origin}${path}`, isDrawn },
      first: [] as Visit[],
      second: [] as Visit[],
      cpu: [] as number[],
    }));
    const floor = {
      ...{ name: 'floor: an empty page', url: empty.url, isDrawn: 'document.querySelector("h1")' },
      ...{ first: [] as Visit[], second: [] as Visit[], cpu: [] as number[] },
    };
    const coldest = await visit(await newReader(browser), `${origin}/`, pagesOf()[0]?.[2] ?? '');
    for (let round = 0; round < rounds; round += 1)
      for (const one of [floor, ...measured]) {
        const reader = await newReader(browser);
        one.first.push(await visit(reader, one.url, one.isDrawn));
        const beforeMs = cpuMs(daemon.pid);
        one.second.push(await visit(reader, one.url, one.isDrawn));
        one.cpu.push(cpuMs(daemon.pid) - beforeMs);
        await reader.close();
      }
    const floorMs = median(floor.first.map(({ drawnMs }) => drawnMs));
    process.stdout.write(
      `${servers.length} servers, ${values.days} days; the first answer of the daemon's life: ${whole(coldest.drawnMs)} ms (${answersOf([coldest])})\n`,
    );
    printTable(
      ['until drawn', 'first visit ms', 'of the floor', 'second visit ms', 'daemon CPU ms'],
      [floor, ...measured].map(({ name, first, second, cpu }) => {
        const firstMs = median(first.map(({ drawnMs }) => drawnMs));
        const secondMs = median(second.map(({ drawnMs }) => drawnMs));
        return [
          ...[name, whole(firstMs), (firstMs / floorMs).toFixed(1), whole(secondMs)],
          whole(median(cpu)),
        ];
      }),
    );
    for (const { name, second } of measured)
      process.stdout.write(`${name}: ${answersOf(second)}\n`);
  } finally {
    await browser.close();
    await empty.close();
    await daemon.stop();
  }
}

/** The answers behind a page: when asked, how long, how large; medians over its visits. */
function answersOf(visits: readonly Visit[]): string {
  const [first] = visits;
  const parts = (first?.answers ?? []).map(({ path }) => {
    const same = visits.flatMap(({ answers }) =>
      answers.filter((one) => sameQuestion(one.path, path)),
    );
    const of = (pick: (one: (typeof same)[number]) => number): string =>
      whole(median(same.map(pick)));
    const sizeKb = (median(same.map(({ sizeBytes }) => sizeBytes)) / 1_000).toFixed(1);
    return `${path.slice(4, 60)} at ${of(({ askedMs }) => askedMs)} took ${of(({ tookMs }) => tookMs)} ms, ${sizeKb} kB`;
  });
  return parts.join('; ');
}

/** Questions differ in times only. */
function sameQuestion(one: string, other: string): boolean {
  return one.replace(/\d{6,}/g, '') === other.replace(/\d{6,}/g, '');
}

async function prepare(dataDir: string): Promise<void> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const target = join(dataDir, 'journal.db');
  if (values.journal !== undefined && existsSync(values.journal))
    return copyFileSync(values.journal, target);
  const startedMs = performance.now();
  const past = { servers, days: Number(values.days), deathsPerDay };
  const { events, calls, samples } = await writePast(target, past);
  const tookS = ((performance.now() - startedMs) / 1_000).toFixed(0);
  process.stdout.write(
    `a past of ${events} events, ${calls} calls and ${samples} samples, written in ${tookS} s\n`,
  );
  if (values.journal !== undefined) copyFileSync(target, values.journal);
}

/** What the browser itself costs: nothing is asked, nothing is run. */
async function serveEmptyPage(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><title>Empty</title><h1>Nothing</h1>');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: async () => void server.close() };
}

function whole(value: number): string {
  return value.toFixed(0);
}
