import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';
import { goBy, openBrowser, openPage } from './pages.ts';

interface Listed {
  readonly alerts: readonly { readonly key: string; readonly acknowledged?: { by: string } }[];
  readonly silences: readonly { readonly subject?: string; readonly note: string }[];
}

/** Somebody who is told, and answers with `status`. */
async function createReceiver(status: number) {
  let received = 0;
  const server = createServer((request, response) => {
    request.resume();
    received += 1;
    response.writeHead(status).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received: () => received,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('a reader takes an alert by its key, undoes that, silences it, and tests who is told', async () => {
  using good = await createReceiver(200);
  using bad = await createReceiver(503);
  await using home = createHome({
    servers: { echo: entry('echo'), broken: entry('crash', ['--at-once']) },
    alerts: {
      ...{ cpuPercent: false, memoryPercent: false, diskPercent: false, memoryBytes: false },
      notifiers: {
        chat: { kind: 'slack', url: good.url },
        mail: { kind: 'webhook', url: bad.url },
        night: { kind: 'slack', url: good.url },
      },
      escalation: [{ notifiers: ['chat', 'mail'] }, { afterMs: '1h', notifiers: ['night'] }],
    },
  });
  const daemon = await home.up('answers');
  const listed = () => daemon.api<Listed>('/alerts');
  const owner = async () =>
    (await listed()).alerts.find(({ key }) => key === 'down/broken')?.acknowledged?.by;
  await waitFor('the alert', async () => (await listed()).alerts.length === 1);
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, { theme: 'light', language: 'en', width: 1440 });
  await page.goto(daemon.origin);
  await page.getByRole('heading', { name: '1 server needs you.' }).waitFor();
  await goBy(page, ['g', 'a']);
  await page.getByRole('heading', { name: '1 alert is firing. It has no owner.' }).waitFor();
  const levels = page.getByRole('list', { name: 'Who is told' });
  await levels.getByText(/failed, next|tries failed/).waitFor();
  await levels.getByText('L2 night').waitFor();
  await page.getByText('mail is not getting through').waitFor();

  await page.keyboard.press('a');
  await page.getByRole('heading', { name: '1 alert is firing. It has an owner.' }).waitFor();
  assert.equal(await owner(), 'dashboard');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: '1 alert is firing. It has no owner.' }).waitFor();
  assert.equal(await owner(), undefined);

  await page.keyboard.press('m');
  const sheet = page.getByRole('dialog', { name: 'Silence alerts' });
  await sheet.getByRole('textbox', { name: 'Why, for the record' }).fill('it is known');
  await sheet.getByRole('button', { name: /^Silence until/ }).click();
  await page.getByRole('region', { name: 'Silenced' }).getByText('it is known').waitFor();
  assert.equal((await listed()).silences[0]?.subject, 'broken');

  await page.getByRole('button', { name: 'Notifiers' }).click();
  const before = good.received();
  await page
    .getByRole('row', { name: /^chat / })
    .getByRole('button')
    .click();
  await page.getByText('chat: the test arrived.').waitFor();
  assert.ok(good.received() > before);
  await page
    .getByRole('row', { name: /^mail / })
    .getByRole('button')
    .click();
  await page.getByText(/mail: the test did not arrive\. .*503/).waitFor();
  await page.getByRole('button', { name: 'Rules' }).click();
  await page.getByRole('row', { name: /a server died down each server/i }).waitFor();
  await page.getByRole('button', { name: 'History' }).click();
  await page.getByText('dashboard gave down/broken back').waitFor();
  assert.deepEqual(faults, []);
});
