/** Debian's Chromium as a stopwatch: from the begin of a navigation until the page shows what it is asked for. */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const patienceMs = 60_000;

/** What one visit took. */
export interface Visit {
  /** Until it was painted, since the navigation began; as the browser's own clock says. */
  readonly drawnMs: number;
  /** The answers of the daemon it was made of. */
  readonly answers: readonly Answer[];
}

/** One answer below `/api`, as the browser saw it. */
export interface Answer {
  /** Path and query. */
  readonly path: string;
  /** Asked for, since the navigation began. */
  readonly askedMs: number;
  readonly tookMs: number;
  /** On the wire, with its head. */
  readonly sizeBytes: number;
}

/** A browser without a window, at the width the dashboard is drawn for. */
export async function openBrowser(): Promise<Browser> {
  // Root may not use the browser's own sandbox; the pages are ours.
  return chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: patienceMs });
}

/** Someone whose browser has seen nothing of us yet. */
export async function newReader(browser: Browser): Promise<BrowserContext> {
  const reader = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  reader.setDefaultTimeout(patienceMs);
  return reader;
}

/** Opens an address in a new tab and waits until `isDrawn`, an expression, is true there and painted. */
export async function visit(reader: BrowserContext, url: string, isDrawn: string): Promise<Visit> {
  const page = await reader.newPage();
  try {
    await page.goto(url, { waitUntil: 'commit' });
    const drawnMs = await whenDrawn(page, isDrawn);
    return { drawnMs, answers: await answersOf(page) };
  } finally {
    await page.close();
  }
}

/** Milliseconds since the navigation when the frame after it became true was painted; rejects when it does not. */
export function whenDrawn(page: Page, isDrawn: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve, reject) => {
    const endMs = performance.now() + ${patienceMs};
    const look = () => {
      if (performance.now() > endMs) reject(new Error(location.href + ' is not drawn'));
      else if (${isDrawn})
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
      else requestAnimationFrame(look);
    };
    look();
  })`);
}

function answersOf(page: Page): Promise<Answer[]> {
  return page.evaluate<Answer[]>(`performance.getEntriesByType('resource')
    .filter(({ name }) => new URL(name).pathname.startsWith('/api/'))
    .map(({ name, startTime, responseEnd, transferSize }) => ({
      path: new URL(name).pathname + new URL(name).search,
      askedMs: startTime,
      tookMs: responseEnd - startTime,
      sizeBytes: transferSize,
    }))`);
}
