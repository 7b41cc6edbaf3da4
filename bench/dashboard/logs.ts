/** How long a reader waits for a long log: its end, a search, a level, a time; in the browser and at the door. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { cpuMs, startRingmaster } from '../processes.ts';
import { runWriter, writerArgs } from '../supervisor/log-load.ts';
import { median, printTable } from '../table.ts';
import { newReader, openBrowser, whenDrawn } from './browser.ts';

/** Lines of one large write. */
const perWrite = 136;
/** Lines of the usual log; the budget of the dashboard for a search in it is 500 ms. */
const usualLines = 100_000;
const lineDigits = 10;

/** Prints a table: of a log of 100 000 lines, and of one of `manyLines`. */
export async function measureLogs(manyLines: number, rounds: number): Promise<void> {
  const columns: string[][] = [];
  for (const lines of [usualLines, manyLines]) columns.push(await measure(lines, rounds));
  const [few = [], many = []] = columns;
  process.stdout.write('\n');
  printTable(
    ['ms until drawn (daemon CPU ms)', `${usualLines} lines`, `${manyLines} lines`],
    questions.map(({ name }, at) => [name, few[at] ?? '', many[at] ?? '']),
  );
}

interface Question {
  readonly name: string;
  /** What the reader does; `lines` are in the log. */
  readonly ask: (page: Page, lines: number) => Promise<void>;
  readonly isDrawn: (lines: number) => string;
}

const drawn = "[...document.querySelectorAll('.log .l')]";
const numberOf = (line: number): string => String(line).padStart(lineDigits, '0');
const fill = (page: Page, text: string) => page.getByRole('searchbox').fill(text);

const questions: readonly Question[] = [
  {
    name: 'a line near the beginning',
    ask: (page) => fill(page, numberOf(777)),
    isDrawn: () => `${drawn}.length === 1`,
  },
  {
    name: 'the newest again',
    ask: (page) => fill(page, ''),
    isDrawn: (lines) => `${drawn}.at(-1)?.textContent.includes('${numberOf(lines - 1)}')`,
  },
  {
    name: 'what is not there',
    ask: (page) => fill(page, 'no such line'),
    isDrawn: () => `${drawn}.length === 0 && document.querySelector('.log .empty') !== null`,
  },
  {
    name: 'a word of every line',
    ask: (page) => fill(page, 'xxx'),
    isDrawn: () => `${drawn}.length > 100`,
  },
  {
    name: 'errors only',
    ask: (page) => page.getByRole('button', { name: 'Error', exact: true }).click(),
    isDrawn: () => `${drawn}.length > 100 && ${drawn}.every((line) => line.matches('.e'))`,
  },
];

async function measure(atLeast: number, rounds: number): Promise<string[]> {
  const lines = Math.ceil(atLeast / perWrite) * perWrite;
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-bench-'));
  const args = writerArgs(folder, { lines, perWrite });
  const writer = { kind: 'service', command: process.execPath, args, logs: { keep: 1_000 } };
  const daemon = await startRingmaster({ writer });
  const browser = await openBrowser();
  try {
    await runWriter(folder);
    const { origin } = new URL(daemon.url);
    const page = await (await newReader(browser)).newPage();
    await page.goto(`${origin}/servers/writer#log`);
    await whenDrawn(page, `${drawn}.at(-1)?.textContent.includes('${numberOf(lines - 1)}')`);
    const took = questions.map((): { ms: number; cpu: number }[] => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [at, { ask, isDrawn }] of questions.entries()) {
        const before = {
          ms: await page.evaluate<number>('performance.now()'),
          cpu: cpuMs(daemon.pid),
        };
        const isThere = whenDrawn(page, isDrawn(lines));
        await ask(page, lines);
        const ms = (await isThere) - before.ms;
        took[at]?.push({ ms, cpu: cpuMs(daemon.pid) - before.cpu });
      }
      await page.getByRole('button', { name: 'Debug', exact: true }).click();
      await fill(page, '');
      await whenDrawn(page, `${drawn}.at(-1)?.textContent.includes('${numberOf(lines - 1)}')`);
    }
    return took.map((all) => {
      const [ms, cpu] = [all.map((one) => one.ms), all.map((one) => one.cpu)];
      return `${median(ms).toFixed(0)} (${median(cpu).toFixed(0)})`;
    });
  } finally {
    await browser.close();
    await daemon.stop();
    rmSync(folder, { recursive: true });
  }
}
