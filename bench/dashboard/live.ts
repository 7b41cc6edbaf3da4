/** What a page feels of a thousand calls a second: how long its thread stands still at most, and what it costs. */
import { cpuMs, inRoot, startRingmaster } from '../processes.ts';
import { call } from '../supervisor/log-load.ts';
import { printTable } from '../table.ts';
import { newReader, openBrowser, whenDrawn } from './browser.ts';

const perSecond = 1_000;
const callers = 16;
const warmUpMs = 3_000;
const watchedMs = 15_000;
/** From here on a task is long (W3C Long Tasks). */
const longTaskMs = 50;

/** Prints a table: the pages that move with every call, and the floor, the same page without calls. */
export async function measureLive(): Promise<void> {
  const echoFile = inRoot('bench/dist/gateway/echo-child.js');
  const daemon = await startRingmaster({ echo: { command: process.execPath, args: [echoFile] } });
  const browser = await openBrowser();
  try {
    const rows: string[][] = [];
    for (const path of ['/', '/calls', '/servers/echo'])
      for (const rate of [0, perSecond]) rows.push(await watch(path, rate));
    process.stdout.write('\n');
    printTable(
      [
        'page, calls a second',
        'made a second',
        'longest task ms',
        'tasks over 50 ms',
        'busy %',
        'daemon %',
      ],
      rows,
    );
  } finally {
    await browser.close();
    await daemon.stop();
  }

  async function watch(path: string, rate: number): Promise<string[]> {
    const reader = await newReader(browser);
    const page = await reader.newPage();
    await page.goto(`${new URL(daemon.url).origin}${path}`);
    await whenDrawn(page, "document.querySelector('.live') !== null");
    const devtools = await reader.newCDPSession(page);
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busySeconds = async () => {
      const { metrics } = await devtools.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
    };
    await callFor(daemon.url, rate, warmUpMs);
    await page.evaluate(`
      window.long = [];
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.long.push(duration);
      }).observe({ type: 'longtask' });
    `);
    const before = { busy: await busySeconds(), cpu: cpuMs(daemon.pid), ms: performance.now() };
    const made = await callFor(daemon.url, rate, watchedMs);
    const tookMs = performance.now() - before.ms;
    const long = await page.evaluate<number[]>('window.long');
    const busy = ((await busySeconds()) - before.busy) * 1_000;
    const cpu = cpuMs(daemon.pid) - before.cpu;
    await reader.close();
    const longest = long.length === 0 ? `under ${longTaskMs}` : Math.max(...long).toFixed(0);
    const share = (ms: number): string => ((ms / tookMs) * 100).toFixed(1);
    return [
      ...[`${path}, ${rate}`, ((made * 1_000) / tookMs).toFixed(0), longest, `${long.length}`],
      ...[share(busy), share(cpu)],
    ];
  }
}

/** Callers one after the other, all together not faster than `rate` a second; how many calls it came to. */
async function callFor(url: string, rate: number, forMs: number): Promise<number> {
  const startedMs = performance.now();
  let made = 0;
  async function callOn(): Promise<void> {
    for (;;) {
      const waitMs = startedMs + (made / rate) * 1_000 - performance.now();
      if (performance.now() - startedMs > forMs) return;
      made += 1;
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      await call(url);
    }
  }
  if (rate === 0) await new Promise((resolve) => setTimeout(resolve, forMs));
  else await Promise.all(Array.from({ length: callers }, callOn));
  return made;
}
