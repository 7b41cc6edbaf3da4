import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';
import { goBy, openBrowser, openPage } from './pages.ts';

test('a changed command is read, approved by a key, and found in the audit, which is saved as a file', async () => {
  const spawn = { approve: 'changed' };
  await using home = createHome({ spawn, servers: { echo: entry('echo') } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, { theme: 'light', language: 'en', width: 1440 });
  await page.goto(daemon.origin);
  await page.getByRole('heading', { name: 'The one server is ready.' }).waitFor();
  await goBy(page, ['g', 'p']);
  await page.getByRole('heading', { name: 'Nothing waits for you.' }).waitFor();

  const env = { TOKEN: 'hunter2' };
  home.write({ spawn, servers: { echo: entry('echo', ['--more'], { env }) } });
  await page.getByRole('heading', { name: '1 server waits for you.' }).waitFor();
  const card = page.getByRole('article', { name: 'echo' });
  assert.match(await card.innerText(), /\+ +"--more"[\s\S]*\+ env\.TOKEN: \(the new value\)/);
  assert.doesNotMatch(await page.content(), /hunter2/);
  await page.keyboard.press('y');
  await page.getByRole('heading', { name: 'Nothing waits for you.' }).waitFor();
  await waitFor('the approved server', () => home.servers('echo').length === 1);

  await goBy(page, ['g', 'u']);
  await page.getByRole('heading', { name: /refused in 24 hours/ }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('server.approve');
  const row = page.getByRole('row', { name: /dashboard approve echo done/ });
  await row.waitFor();
  await page.waitForURL(/\/audit\?q=server\.approve$/);
  await page.reload();
  await row.waitFor();
  await waitFor('one row below the head', async () => (await page.getByRole('row').count()) === 2);

  await page.getByRole('button', { name: 'Export…' }).click();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  const saved = readFileSync(await (await saving).path(), 'utf8');
  assert.match(saved, /^row,at,[\s\S]*,dashboard,dashboard,server\.approve,echo,done,,\d+,\r\n$/);
  await page.getByText('1 row is saved.').waitFor();
  assert.deepEqual(faults, []);
});

test('older rows come page by page, and what is new meanwhile is counted, not pushed in', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  // Each about another schedule: equal rows would stand as one.
  const act = (count: number) => daemon.api(`/schedules/none-${count}/pause`, {}).catch(() => {});
  for (let count = 0; count < 150; count += 1) await act(count);
  await using browser = await openBrowser();
  const { page } = await openPage(browser, { theme: 'light', language: 'en', width: 1440 });
  await page.goto(`${daemon.origin}/audit?show=asked`);
  const rows = page.locator('.chain tbody tr');
  await waitFor('the first page', async () => (await rows.count()) === 100);
  await page.getByRole('button', { name: 'Older rows' }).click();
  await waitFor('both pages', async () => (await rows.count()) === 150);
  await act(150);
  await page.getByRole('button', { name: 'Held still. 1 new' }).click();
  await waitFor('the newest page', async () => (await rows.count()) === 100);
});
