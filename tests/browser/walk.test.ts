import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';
import { makeCalls, openBrowser, openPage } from './pages.ts';

const tabs = ['log', 'calls', 'tools', 'deaths', 'config'];
const pages = [
  ...['/', '/servers/crash', ...tabs.map((tab) => `/servers/echo#${tab}`), '/calls', '/alerts'],
  ...['/alerts?view=history', '/metrics?range=1h', '/metrics?range=samples', '/approvals'],
  ...['/audit', '/reports', '/reports?view=performance', '/settings'],
];
/** A desk, a tablet, a phone. */
const widths = [1_440, 768, 390];

/**
 * Sentences of the other language: three words of small letters one after the other, but in names, commands, logs and
 * what is said to be English.
 */
const englishWords = `(() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const isOurs = (part) => part.closest('[lang]').lang === 'ja' &&
    part.closest('code, pre, kbd, textarea, script, style, .mono, .log, .quote') === null;
  for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
    const text = node.data.replaceAll(/ringmaster [a-z]+ \\S+/g, '');
    if (/[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(text) && isOurs(node.parentElement)) found.push(text);
  }
  return found;
})()`;

for (const language of ['en', 'ja'] as const) {
  test(`every page in ${language} stands while servers die: no error, nothing wider than the screen, nothing of the other language`, async () => {
    await using home = createHome({
      servers: { echo: entry('echo'), crash: entry('crash'), missing: { command: '/not/there' } },
      alerts: { memoryBytes: { high: 1 }, minSamples: 1 },
      metrics: { sampleMs: 1_000 },
    });
    const daemon = await home.up('answers');
    await waitFor('the ready servers', async () => {
      const { servers } = await daemon.api<{ servers: { state: string }[] }>('/servers');
      return servers.filter(({ state }) => state === 'ready').length === 2;
    });
    await makeCalls(daemon);
    const { calls } = await daemon.api<{ calls: { id: number }[] }>('/calls?outcome=notOk');
    await using browser = await openBrowser();
    const { page, faults } = await openPage(browser, { theme: 'light', language, width: 1440 });
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    const found: string[] = [];
    for (const path of [...pages, `/calls/${calls[0]?.id}`]) {
      await Promise.all([makeCalls(daemon), page.goto(daemon.origin + path)]);
      await page.locator('main .box:visible, main .frame:visible').first().waitFor();
      found.push(...(await lookAt(page)).map((one) => `${path}: ${one}`));
      if (language === 'ja')
        for (const text of await page.evaluate<string[]>(englishWords))
          found.push(`${path}: ${text}`);
    }
    assert.deepEqual([...found, ...faults], []);
  });
}

async function lookAt(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    if (await page.evaluate('document.documentElement.scrollWidth > innerWidth'))
      found.push(`wider than ${width}`);
  }
  return found;
}
