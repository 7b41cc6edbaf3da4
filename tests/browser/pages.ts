import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Daemon } from '../support/home.ts';

/** Debian's browser: `npm test` installs it as root (tools/debian-packages.txt). */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** A page waits this long for what it should show. */
const patienceMs = 60_000;

/** How a page is looked at. */
export interface Look {
  readonly theme: 'light' | 'dark';
  readonly language: 'en' | 'ja';
  /** In CSS pixels. */
  readonly width: 1440 | 390;
}

/** A browser of this machine, without a window. */
export async function openBrowser(): Promise<Browser & AsyncDisposable> {
  // Root may not use the browser's own sandbox; the pages are ours.
  const browser = await chromium.launch({
    ...{ executablePath, args: ['--no-sandbox'], timeout: patienceMs },
  });
  return Object.assign(browser, { [Symbol.asyncDispose]: () => browser.close() });
}

/** A page that collects everything that went wrong in it. */
export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly faults: string[];
}

/** Opens a page in a context of its own, as its reader's browser is set. */
export async function openPage(browser: Browser, look: Look): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 900 },
    colorScheme: look.theme,
    locale: look.language === 'ja' ? 'ja-JP' : 'en-US',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.setDefaultTimeout(patienceMs);
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
  });
  page.on('request', (request) => {
    if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url())) faults.push(request.url());
  });
  return { page, context, faults };
}

/**
 * What axe finds wrong, one line a finding;
 * `isWhole` false looks at contrast only. Without frames the legacy mode sees as much, in half the time.
 */
async function axeFindings(page: Page, isWhole: boolean): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await (isWhole ? axe : axe.withRules(['color-contrast'])).analyze();
  return violations.map(({ id, nodes }) => {
    const where = nodes.slice(0, 3).map(({ target, failureSummary }) => {
      return `${target.join(' ')} (${failureSummary?.split('\n')[1]?.trim()})`;
    });
    return `${id}: ${where.join('; ')}`;
  });
}

/** Goes where two keys lead; without a pause between them, as the first is forgotten after a second. */
export async function goBy(page: Page, keys: readonly [string, string]): Promise<void> {
  await Promise.all(keys.map((key) => page.keyboard.press(key)));
}

/** What is wrong with pages, in both themes and widths: findings of axe, too wide, faults of the page itself. */
export async function findingsOn(
  browser: Browser,
  language: Look['language'],
  addresses: readonly string[],
): Promise<string[]> {
  const { page, context, faults } = await openPage(browser, {
    ...{ theme: 'light', language, width: 1440 },
  });
  const findings: string[] = [];
  for (const address of addresses) {
    await page.goto(address);
    await page.locator('main .box:visible, main .frame:visible').first().waitFor();
    // Themes differ in their colours alone: in the dark, contrast is what can be wrong.
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [1440, 390]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        const about = `${new URL(address).pathname} ${colorScheme} ${width}`;
        const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
        if (isWide === true) findings.push(`${about}: wider than the screen`);
        const found = await axeFindings(page, colorScheme === 'light');
        findings.push(...found.map((one) => `${about}: ${one}`));
      }
  }
  await context.close();
  return [...findings, ...faults];
}

/** Some calls that go well, and one in which the server dies. */
export async function makeCalls(daemon: Daemon): Promise<void> {
  const client = await daemon.legacy();
  for (let value = 0; value < 5; value += 1) await client.call('echo__add', { a: value, b: 1 });
  await client.call('crash__die').catch(() => {});
}
