import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';
import { type Look, openBrowser, openPage } from './pages.ts';

/** Twenty answers of the daemon, on a busy machine. */
const readMaxMs = 240_000;
const desk: Look = { theme: 'light', language: 'en', width: 1440 };

test('deaths have one number on the axis, in the table and in the log, and revisions of the file are flags', async () => {
  const fleet = (code: number) => ({ servers: { crash: entry('crash', ['--code', `${code}`]) } });
  await using home = createHome(fleet(3));
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, desk);
  await (await daemon.legacy()).call('crash__die').catch(() => {});
  await page.goto(`${daemon.origin}/servers/crash?range=1h`);
  const chart = page.getByRole('img', { name: /^crash: 1 deaths/ });
  await chart.locator('.died', { hasText: '1' }).waitFor();
  const flag = await chart.getByText('r1', { exact: true }).boundingBox();
  const death = await chart.locator('.died').boundingBox();
  assert.ok(flag !== null && death !== null && flag.y + flag.height <= death.y);
  await page.getByRole('cell', { name: '1', exact: true }).waitFor();
  const rule = page.locator('.log .event');
  await rule.waitFor();
  assert.match(await rule.innerText(), /^Death 1 at \d\d:\d\d:\d\d · .*code 3/);
  const before = await page.locator('.log > div').first().innerText();
  assert.ok(before.indexOf('dying on purpose') < before.indexOf('Death 1'), before);
  home.write(fleet(4));
  await chart.getByText('r1–2', { exact: true }).waitFor();
  assert.deepEqual(faults, []);
});

test('Metrics of the newest samples leads to exactly the calls of that time, and Calls stands still at it', async () => {
  await using home = createHome({
    servers: { crash: entry('crash') },
    metrics: { sampleMs: 1_000 },
  });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, desk);
  await (await daemon.legacy()).call('crash__die').catch(() => {});
  await page.goto(`${daemon.origin}/metrics?range=samples`);
  await page.getByRole('link', { name: /of the calls in this time were not done/ }).click();
  await page.waitForURL(/calls\?outcome=notOk&from=\d+&to=\d+$/);
  await page.getByText(/^Ended .+ to /).waitFor();
  await page.getByRole('link', { name: 'crash die' }).waitFor();
  const { searchParams } = new URL(page.url());
  const fromMs = Number(searchParams.get('from'));
  await page.goto(`${daemon.origin}/calls?from=${fromMs - 60_000}&to=${fromMs - 1}`);
  await page.getByText('No call matches in this time.').waitFor();
  await page.getByRole('button', { name: 'Undo zoom' }).click();
  await page.getByRole('link', { name: 'crash die' }).waitFor();
  assert.deepEqual(faults, []);
});

test('a log of a hundred thousand lines is read to its begin while the page holds only what is near', async () => {
  const lines = 100_000;
  const talker = entry('talker', ['--lines', `${lines}`], { kind: 'service' });
  await using home = createHome({ servers: { talker } });
  const daemon = await home.up();
  await waitFor('the last line', async () => {
    const { lines: last } = await daemon.api<{ lines: string[] }>('/servers/talker/logs?lines=1');
    return last.some((line) => line.includes(`line ${lines} of`));
  });
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, desk);
  await page.goto(`${daemon.origin}/servers/talker#log`);
  await page.getByText(`line ${lines} of ${lines}`).waitFor();
  await page.getByRole('button', { name: 'Older lines' }).click();
  await page.waitForURL(/at=\d+/);
  await readToBegin(page);
  await page.getByText(`INFO line 1 of ${lines}`, { exact: true }).waitFor();
  await page.getByRole('searchbox').fill('line 777 of');
  const drawn = page.locator('.log .l');
  await waitFor('the one line', async () => (await drawn.count()) === 1);
  assert.match(await drawn.innerText(), /line 777 of/);
  await page.getByRole('searchbox').fill('');
  await page.getByRole('button', { name: 'Error', exact: true }).click();
  await waitFor('only errors', async () => {
    const wrong = await page.locator('.log .l.e').count();
    return wrong > 1 && wrong === (await drawn.count());
  });
  assert.deepEqual(faults, []);
});

/** Scrolls up as long as older lines come; none of them all are ever drawn. */
async function readToBegin(page: Page): Promise<void> {
  const drawnMax = 1_500;
  const begin = page.locator('.log').getByText(/^INFO line 1 of /);
  await waitFor(
    'the first line',
    async () => {
      const drawn = await page.evaluate<number>(`(() => {
      const log = document.querySelector('.log');
      log.scrollTop = 0;
      return log.querySelectorAll('.l').length;
    })()`);
      assert.ok(drawn < drawnMax, `${drawn} lines are drawn`);
      return (await begin.count()) > 0;
    },
    readMaxMs,
  );
}
