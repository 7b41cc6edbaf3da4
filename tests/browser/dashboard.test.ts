import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { ownPort } from '../support/own-port.ts';
import { waitFor } from '../support/wait.ts';
import { goBy, type Look, makeCalls, openBrowser, openPage } from './pages.ts';

const desk: Look = { theme: 'light', language: 'en', width: 1440 };

test('a reader goes through the pages by keys while a server dies, and sees what is true', async () => {
  await using home = createHome({ servers: { echo: entry('echo'), crash: entry('crash') } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, desk);
  await page.goto(daemon.origin);
  await page.getByRole('heading', { name: 'All 2 servers are ready.' }).waitFor();
  await makeCalls(daemon);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^crash / }).waitFor();
  await page.getByRole('link', { name: 'Deaths' }).click();
  await page
    .getByRole('cell', { name: /exit|code/ })
    .first()
    .waitFor();
  await goBy(page, ['g', 'c']);
  await page.getByRole('button', { name: 'Lost' }).click();
  await page.getByRole('link', { name: 'crash die' }).click();
  await page.getByRole('heading', { name: /^die took/ }).waitFor();
  assert.match(await page.locator('.story').innerText(), /Lost: may have executed/);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('restart echo');
  await page.getByRole('option', { name: 'Restart echo Do' }).waitFor();
  await page.keyboard.press('Enter');
  await waitFor('the restart', async () => {
    const { servers } = await daemon.api<{ servers: { server: string; restarts: number }[] }>(
      '/servers',
    );
    return servers.some(({ server, restarts }) => server === 'echo' && restarts === 1);
  });
  await goBy(page, ['g', 'm']);
  await page.getByRole('img', { name: /^Latency: p99/ }).waitFor();
  await page.getByRole('img', { name: /^1 death, 1 file applied/ }).waitFor();
  await page.getByRole('link', { name: 'crash died' }).waitFor();
  await page.getByRole('combobox', { name: 'Put beside' }).selectOption('week');
  await page.waitForURL(/beside=week/);
  await page.locator('.before').first().waitFor();
  assert.deepEqual(faults, []);
});

test('the fleet file is corrected in the browser: mistakes by line, what would change, and the change', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, desk);
  await page.goto(`${daemon.origin}/settings`);
  const editor = page.getByRole('textbox', { name: 'Fleet file' });
  const text = await editor.inputValue();
  const save = page.getByRole('button', { name: 'Save and apply' });
  await editor.fill(text.replace('"command"', '"comand"'));
  await page.getByRole('heading', { name: /mistake/ }).waitFor();
  assert.equal(await save.isDisabled(), true);
  await editor.fill(text.replace('"echo"', '"parrot"'));
  await page.getByText('add parrot').waitFor();
  await save.click();
  await page.getByRole('heading', { name: 'r2 is what runs.' }).waitFor();
  const { servers } = await daemon.api<{ servers: string[] }>('/fleet');
  assert.deepEqual(servers, ['parrot']);
  assert.deepEqual(faults, []);
});

test('to a Japanese reader mistakes of the fleet file are told in Japanese, as is what the daemon refuses', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page } = await openPage(browser, { ...desk, language: 'ja' });
  await page.goto(`${daemon.origin}/settings`);
  const editor = page.getByRole('textbox', { name: '構成ファイル' });
  await editor.fill((await editor.inputValue()).replace('"command"', '"comand"'));
  await page.getByText(/不明なキーです.*"command" のことですか/).waitFor();
  // The overview comes before the page can say what its reader speaks, and tells all in both languages.
  const asked = page.waitForRequest(/\/api\/(?!fleet\/overview)/);
  await page.reload();
  assert.equal((await asked).headers()['accept-language'], 'ja');
});

test('the fleet is asked for before the scripts of a page run, and for the time in its address only', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, desk);
  const asked: Readonly<Record<string, string>> = {
    '/': '6h',
    '/?range=30d': '30d',
    '/servers/echo?range=24h': '24h',
    '/calls?range=30d': '6h',
  };
  for (const [path, range] of Object.entries(asked)) {
    await page.goto(`${daemon.origin}${path}`);
    await page.locator('.live .is-ready').waitFor();
    const questions = await page.evaluate<{ readonly query: string; readonly by: string }[]>(
      `performance.getEntriesByType('resource')
        .map(({ name, initiatorType }) => ({ url: new URL(name), by: initiatorType }))
        .filter(({ url }) => url.pathname === '/api/fleet/overview')
        .map(({ url, by }) => ({ query: url.search, by }))`,
    );
    assert.equal(questions[0]?.by, 'link', path);
    assert.deepEqual([...new Set(questions.map(({ query }) => query))], [`?rangeMs=${range}`]);
  }
  assert.deepEqual(faults, []);
});

test('the figures of all servers are asked for once each, before the scripts of their page run', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, desk);
  await page.goto(`${daemon.origin}/metrics?range=30d`);
  await page.locator('.chart .u-over').first().waitFor();
  const asked = await page.evaluate<{ readonly query: string; readonly by: string }[]>(
    `performance.getEntriesByType('resource')
      .map(({ name, initiatorType }) => ({ url: new URL(name), by: initiatorType }))
      .filter(({ url }) => url.pathname === '/api/metrics')
      .map(({ url, by }) => ({ query: url.search, by }))`,
  );
  assert.deepEqual(
    asked.map(({ by }) => by),
    ['link', 'link', 'link'],
  );
  assert.equal(new Set(asked.map(({ query }) => query)).size, 3);
  assert.deepEqual(faults, []);
});

test('after the daemon was killed the open page goes on, and tells what happened meanwhile', async () => {
  const port = await ownPort();
  await using home = createHome({ servers: { crash: entry('crash') }, listen: { port } });
  let daemon = await home.up();
  await using browser = await openBrowser();
  const { page } = await openPage(browser, desk);
  await page.goto(`${daemon.origin}/servers/crash#deaths`);
  await page.getByText('It never died by itself.').waitFor();
  await daemon.kill();
  await page.getByText(/^No contact since/).waitFor();
  daemon = await home.up();
  await (await daemon.legacy()).call('die').catch(() => {});
  await page.getByText(/^No contact since/).waitFor({ state: 'detached' });
  await page.locator('.live', { hasText: 'Live' }).waitFor();
  await page
    .getByRole('cell', { name: /exit|code/ })
    .first()
    .waitFor();
});

test('what is looked for in a log stands in the address, and is there again when the page is opened by it', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page } = await openPage(browser, desk);
  await page.goto(`${daemon.origin}/servers/echo#log`);
  await page.getByRole('searchbox').fill('no such line');
  await page.getByRole('button', { name: 'Error', exact: true }).click();
  await page.waitForURL(/#log\?q=no\+such\+line&level=error$/);
  await page.reload();
  await page.getByRole('searchbox').waitFor();
  assert.equal(await page.getByRole('searchbox').inputValue(), 'no such line');
  const error = page.getByRole('button', { name: 'Error', exact: true });
  assert.equal(await error.getAttribute('aria-pressed'), 'true');
});
