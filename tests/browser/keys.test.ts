import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';
import { type Look, openBrowser, openPage } from './pages.ts';

const desk: Look = { theme: 'light', language: 'en', width: 1440 };

test('keys act on the row that has the focus, on the range, and copy the link; after g they go to pages', async () => {
  await using home = createHome({ servers: { a: entry('echo'), b: entry('echo') } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, context, faults } = await openPage(browser, desk);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const stateOf = async (wanted: string) => {
    const { servers } = await daemon.api<{ servers: { server: string; state: string }[] }>(
      '/servers',
    );
    return servers.find(({ server }) => server === wanted)?.state;
  };
  await page.goto(daemon.origin);
  await page.getByRole('heading', { name: 'All 2 servers are ready.' }).waitFor();
  // No row has the focus: nothing is stopped by a key.
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByText('b is stopped.').waitFor();
  assert.deepEqual([await stateOf('a'), await stateOf('b')], ['ready', 'stopped']);
  // A key does what the page offers, and it offers a start once it has heard of the stop.
  await page.locator('[data-key="s"]').waitFor({ state: 'attached' });
  await page.keyboard.press('s');
  await page.getByText('b is started.').waitFor();
  await waitFor('the start', async () => (await stateOf('b')) === 'ready');

  const chosen = page.getByRole('group', { name: 'Range' }).locator('[aria-pressed="true"]');
  await page.keyboard.press('-');
  await page.waitForURL(/range=24h/);
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await page.waitForURL(/range=1h/);
  assert.match(await chosen.innerText(), /^1.h$/);
  await page.keyboard.press('.');
  await page.getByText('The link is copied.').waitFor();
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), page.url());
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await page.waitForURL(/\/reports/);
  assert.deepEqual(faults, []);
});

test('Metrics shows the newest hundred samples as they were taken, and goes back and on by keys', async () => {
  await using home = createHome({
    servers: { echo: entry('echo') },
    metrics: { sampleMs: 1_000 },
  });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, desk);
  await page.goto(`${daemon.origin}/metrics`);
  await page.getByRole('button', { name: '100 samples' }).click();
  await page.waitForURL(/range=samples/);
  await page.getByRole('img', { name: /^Memory: echo [\d.]+ MB/ }).waitFor();
  await page.keyboard.press('[');
  await page.waitForURL(/from=\d+&to=\d+/);
  await page.keyboard.press(']');
  await page.waitForURL((url) => !url.searchParams.has('from'));
  assert.deepEqual(faults, []);
});

test('without contact nothing can be done, and every act says why', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page } = await openPage(browser, desk);
  await page.goto(`${daemon.origin}/servers/echo#tools`);
  const restart = page.getByRole('button', { name: 'Restart' });
  await restart.waitFor();
  assert.equal(await restart.isDisabled(), false);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.hover();
  await page.getByRole('button', { name: 'Start now', exact: true }).waitFor();
  await daemon.kill();
  await page.getByText(/^No contact since/).waitFor();
  for (const name of ['Start now', 'Undo']) {
    const act = page.getByRole('button', { name, exact: true });
    assert.equal(await act.isDisabled(), true);
    assert.match((await act.getAttribute('title')) ?? '', /^No contact to the daemon/);
  }
  await page.keyboard.press('Control+k');
  await page.keyboard.type('restart echo');
  const option = page.getByRole('option', { name: /^Restart echo No contact to the daemon/ });
  await option.waitFor();
  assert.equal(await option.getAttribute('aria-disabled'), 'true');
  // It stays open: nothing was done.
  await page.keyboard.press('Enter');
  await option.waitFor();
});

test('a page that was opened before an update loads itself anew when a part of it is gone, and says so', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page } = await openPage(browser, desk);
  await page.goto(daemon.origin);
  await page.getByRole('heading', { name: 'The one server is ready.' }).waitFor();
  // As the updated daemon answers for a name it does not know.
  await page.route(/\/assets\/settings-/, (route) => route.fulfill({ status: 404 }), { times: 1 });
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByText('The daemon was updated: this page was loaded anew.').waitFor();
  await page.getByRole('heading', { name: 'r1 is what runs.' }).waitFor();
  // It helps once: what is gone for good is told.
  await page.route(/\/assets\/reports-/, (route) => route.fulfill({ status: 404 }));
  await page.getByRole('link', { name: 'Reports' }).click();
  await page.getByText('The daemon was updated: this page was loaded anew.').waitFor();
  await page.getByRole('heading', { name: 'This page could not be loaded.' }).waitFor();
});
