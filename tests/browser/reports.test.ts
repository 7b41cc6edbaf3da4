import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { goBy, makeCalls, openBrowser, openPage } from './pages.ts';

test('a reader makes a report, reads it in both languages, and sees what one could change', async () => {
  await using home = createHome({ servers: { echo: entry('echo'), crash: entry('crash') } });
  const daemon = await home.up();
  await makeCalls(daemon);
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, { theme: 'light', language: 'en', width: 1440 });
  await page.goto(daemon.origin);
  await page.getByRole('heading', { level: 1, name: /servers?|alerts?/ }).waitFor();
  await goBy(page, ['g', 'r']);
  await page.getByRole('heading', { name: 'No report was made yet.' }).waitFor();
  await page.getByRole('button', { name: 'Make this month’s' }).click();
  await page.getByText('The report is made.').waitFor();
  await page.getByRole('heading', { level: 1, name: /^Report on \d{4}-\d{2}$/ }).waitFor();
  await page.getByRole('heading', { name: 'Availability' }).waitFor();
  const { reports } = await daemon.api<{ reports: { name: string }[] }>('/reports');
  assert.equal(reports.length, 1);
  assert.ok(page.url().endsWith(`/reports/${reports[0]?.name}`));

  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.getByRole('navigation').first().isVisible(), false);
  assert.equal(await page.getByRole('heading', { name: 'Availability' }).isVisible(), true);
  await page.emulateMedia({ media: 'screen' });

  await page.getByRole('button', { name: '日本語' }).click();
  await page.getByRole('heading', { name: '稼働率' }).waitFor();
  await page.getByRole('button', { name: '容量計画' }).click();
  await page.getByRole('row', { name: /ディスク .*日分の記録/ }).waitFor();
  await page.getByRole('button', { name: '性能' }).click();
  await page.getByRole('cell', { name: 'echo' }).first().waitFor();
  await page.getByRole('button', { name: '改善案' }).click();
  await page.getByText('7日間の記録に基づきます。').waitFor();
  assert.deepEqual(faults, []);
});
