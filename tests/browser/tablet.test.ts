import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { openBrowser, openPage } from './pages.ts';

test('on the width of a tablet no page is wider than the screen, and every page is reached', async () => {
  await using home = createHome({ servers: { echo: entry('echo'), crash: entry('crash') } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, { theme: 'light', language: 'en', width: 1440 });
  await page.setViewportSize({ width: 768, height: 900 });
  for (const path of [
    '/',
    '/servers/echo',
    '/calls',
    '/alerts',
    '/metrics',
    '/audit',
    '/settings',
  ]) {
    await page.goto(daemon.origin + path);
    await page.locator('main .box:visible, main .frame:visible').first().waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 768, path);
    assert.equal(await page.getByRole('link', { name: 'Settings' }).first().isVisible(), true);
  }
  assert.deepEqual(faults, []);
});

test('on a phone the pages of the API are no wider than the screen', async () => {
  await using home = createHome({ servers: {} });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, { theme: 'light', language: 'en', width: 390 });
  await page.goto(`${daemon.origin}/docs/`);
  await page.locator('.opblock').first().waitFor();
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
  assert.deepEqual(faults, []);
});
