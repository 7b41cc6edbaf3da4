import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';
import { openBrowser, openPage } from './pages.ts';

test('the menu of a row scales its server and leads to its log; the letter l does, too', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, { theme: 'light', language: 'en', width: 1440 });
  await page.goto(daemon.origin);
  const more = page.getByRole('button', { name: 'More for echo' });
  await more.click();
  await page.getByRole('spinbutton', { name: 'Instances' }).fill('2');
  await page.getByRole('button', { name: 'Scale' }).click();
  await waitFor('two instances', async () => {
    const { servers } = await daemon.api<{ servers: { readyInstances: number }[] }>('/servers');
    return servers[0]?.readyInstances === 2;
  });
  await more.click();
  await page.getByRole('link', { name: 'Read the log' }).click();
  await page.waitForURL(/\/servers\/echo#log$/);
  await page.getByRole('link', { name: 'Deaths' }).click();
  await page.keyboard.press('l');
  await page.waitForURL(/\/servers\/echo#log$/);
  assert.deepEqual(faults, []);
});

test('a death, what followed and what a file changed are told in Japanese to who reads it', async () => {
  await using home = createHome({ servers: { crash: entry('crash') } });
  const daemon = await home.up();
  await (await daemon.legacy()).call('crash__die').catch(() => {});
  await using browser = await openBrowser();
  const { page } = await openPage(browser, { theme: 'light', language: 'ja', width: 1440 });
  await page.goto(`${daemon.origin}/servers/crash#deaths`);
  await page
    .getByRole('cell', { name: /連続 1 回目の終了/ })
    .first()
    .waitFor();
  await page.goto(`${daemon.origin}/audit`);
  await page
    .getByRole('cell', { name: /crash を追加、|crash を起動/ })
    .first()
    .waitFor();
});
