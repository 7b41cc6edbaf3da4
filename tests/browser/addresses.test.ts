import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';
import { type Look, openBrowser, openPage } from './pages.ts';

const desk: Look = { theme: 'light', language: 'en', width: 1440 };
/** More than a screen holds. */
const servers = Object.fromEntries(
  Array.from({ length: 60 }, (_, index) => [
    `server-${String(index).padStart(2, '0')}`,
    { ...entry('echo'), enabled: false },
  ]),
);

test('filter and range stand in the address, go along to other pages, and are there again after a reload', async () => {
  await using home = createHome({ servers });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, desk);
  await page.goto(daemon.origin);
  await page.getByRole('searchbox').fill('server-1');
  await page.getByRole('button', { name: '24 h', exact: true }).click();
  await page.waitForURL(/\?q=server-1&range=24h$/);
  await page.reload();
  await page.getByRole('link', { name: 'server-19' }).waitFor();
  await waitFor('ten rows', async () => (await page.locator('tbody tr').count()) === 10);
  for (const name of ['Calls', 'Metrics', 'Audit', 'Fleet']) {
    await page
      .getByRole('link', { name: new RegExp(`^${name}`) })
      .first()
      .click();
    const pressed = page.getByRole('button', { name: '24 h', exact: true, pressed: true });
    await pressed.waitFor();
  }
  assert.deepEqual(faults, []);
});

test('the copied address of a zoomed chart opens the same time, whose end is not called now', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, desk);
  await page.goto(`${daemon.origin}/metrics?range=6h`);
  const axisOf = (one: Page) => one.locator('.axis-box .axis span').allInnerTexts();
  const chart = page.locator('.chart .u-over').first();
  await chart.waitFor();
  assert.equal((await axisOf(page)).at(-1), 'now');
  const place = await chart.boundingBox();
  assert.ok(place !== null);
  const y = place.y + place.height / 2;
  await page.mouse.move(place.x + place.width * 0.25, y);
  await page.mouse.down();
  await page.mouse.move(place.x + place.width * 0.5, y, { steps: 3 });
  await page.mouse.up();
  await page.waitForURL(/from=\d+&to=\d+$/);
  await page.getByRole('button', { name: 'Undo zoom' }).waitFor();
  const zoomed = await axisOf(page);
  assert.match(zoomed.at(-1) ?? '', /\d\d:\d\d$/);
  const { page: another } = await openPage(browser, desk);
  await another.goto(page.url());
  await another.locator('.chart .u-over').first().waitFor();
  assert.deepEqual(await axisOf(another), zoomed);
  assert.deepEqual(faults, []);
});

test('who goes back is at the same place of the list, on the row they went through', async () => {
  await using home = createHome({ servers });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page } = await openPage(browser, desk);
  await page.goto(daemon.origin);
  const row = page.getByRole('link', { name: 'server-55' });
  await row.scrollIntoViewIfNeeded();
  const before = await page.evaluate('scrollY');
  assert.ok(Number(before) > 200);
  await row.click();
  await page.getByRole('heading', { level: 1, name: /server-55/ }).waitFor();
  await waitFor('the top of the page', async () => (await page.evaluate('scrollY')) === 0);
  await page.goBack();
  await page.locator('a[data-row]:focus', { hasText: 'server-55' }).waitFor();
  await waitFor('the place', async () => (await page.evaluate('scrollY')) === before);
});

test('an address that nobody could have been given says that nothing is there', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, desk);
  for (const path of ['/servers/%E0%A4%A', '/calls/abc', '/none/at/all']) {
    await page.goto(daemon.origin + path);
    await page.getByRole('heading', { level: 1, name: /^There is no/ }).waitFor();
  }
  assert.deepEqual(faults, []);
});

test('a log of ten thousand lines is read back to its beginning, and each line has an address', async () => {
  const flood = entry('flood', ['--lines', '10000', '--bytes', '60']);
  await using home = createHome({ servers: { flood } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, desk);
  await page.goto(`${daemon.origin}/servers/flood#log`);
  const lines = page.locator('.log .l');
  await lines.filter({ hasText: '0000010000 ' }).first().waitFor();
  const first = lines.filter({ hasText: '0000000001 ' }).first();
  await page.getByRole('button', { name: 'Older lines' }).click();
  await waitFor('the first line', async () => {
    await page.locator('.log').evaluate((box) => box.scrollTo(0, 0));
    return (await first.count()) > 0;
  });
  await first.locator('a').click();
  await page.waitForURL(/#log\?at=\d+$/);
  await page.reload();
  await page.locator('.log .l[aria-current]').first().waitFor();
  await page.getByRole('button', { name: 'Back to the newest' }).click();
  await page.getByRole('button', { name: 'Following' }).waitFor();
  assert.deepEqual(faults, []);
});

test('the end of a log is in view though its lines are of many heights', async () => {
  const flood = entry('flood', ['--lines', '60', '--bytes', '4000']);
  await using home = createHome({ servers: { flood } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page } = await openPage(browser, desk);
  await page.goto(`${daemon.origin}/servers/flood#log`);
  await page.locator('.log .l', { hasText: '0000000060' }).waitFor();
  await waitFor('the end', () =>
    page.locator('.log').evaluate((box) => {
      return box.scrollTop > 0 && box.scrollTop + box.clientHeight >= box.scrollHeight - 2;
    }),
  );
});
