import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { openBrowser, openPage } from './pages.ts';

test('a tool is tried with a form of its schema: nested, in lists, of several kinds, and the same as JSON', async () => {
  await using home = createHome({ servers: { forms: entry('forms') } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, { theme: 'light', language: 'en', width: 1440 });
  await page.goto(`${daemon.origin}/servers/forms#tools`);
  const call = page.getByRole('button', { name: 'Call', exact: true });
  const area = page.getByRole('group', { name: /^area/ });
  await page.getByText('reads only').waitFor();
  await call.click();
  await page.getByText('It is needed.').first().waitFor();
  assert.equal(await page.getByText('It is needed.').count(), 2);
  await page.getByRole('textbox', { name: /^url/ }).fill('http://here');
  await page.getByRole('textbox', { name: /^tokens/ }).fill('4096');
  await page.getByText('It must be at most 1024.').waitFor();
  await page.getByRole('textbox', { name: /^tokens/ }).fill('12');
  await page.getByRole('group', { name: 'detail' }).getByRole('button', { name: 'high' }).click();
  await page.getByRole('group', { name: 'deep' }).getByRole('button', { name: 'false' }).click();
  await area.getByRole('textbox', { name: /^x/ }).fill('1.50');
  await area.getByRole('combobox', { name: /^label/ }).selectOption('null');
  const regions = page.getByRole('group', { name: 'regions' });
  await regions.getByRole('button', { name: 'Add', exact: true }).click();
  await regions.getByRole('textbox', { name: /^x/ }).fill('2');
  await page.getByRole('combobox', { name: /^target/ }).selectOption('name');
  await page.getByRole('textbox', { name: /^name/ }).fill('Ada');

  const wanted = {
    ...{ detail: 'high', tokens: 12, area: { x: 1.5, label: null }, url: 'http://here' },
    ...{ deep: false, regions: [{ x: 2 }], target: { name: 'Ada' } },
  };
  const shown = page.locator('pre.json').first();
  await page.getByRole('button', { name: 'JSON', exact: true }).click();
  const json = page.getByRole('textbox', { name: 'Arguments as JSON' });
  assert.deepEqual(JSON.parse(await json.inputValue()), wanted);
  await json.fill('{"url":');
  await page.getByText(/^It must be a JSON object/).waitFor();
  assert.ok(await page.getByRole('button', { name: 'Form', exact: true }).isDisabled());
  await json.fill(JSON.stringify({ ...wanted, tokens: 13, unknown: 1 }));
  await page.getByRole('button', { name: 'Form', exact: true }).click();
  assert.equal(await page.getByRole('textbox', { name: /^tokens/ }).inputValue(), '13');
  assert.equal(await page.getByRole('textbox', { name: /^name/ }).inputValue(), 'Ada');
  await call.click();
  await page.getByText(/^Answered in/).waitFor();
  assert.deepEqual(JSON.parse(await shown.innerText()), { ...wanted, tokens: 13, unknown: 1 });
  assert.deepEqual(faults, []);
});

test('what a tool answers is shown as what it is: text, pictures, links, resources, structure and errors', async () => {
  await using home = createHome({ servers: { forms: entry('forms') } });
  const daemon = await home.up();
  await using browser = await openBrowser();
  const { page, faults } = await openPage(browser, { theme: 'light', language: 'en', width: 1440 });
  await page.goto(`${daemon.origin}/servers/forms#tools`);
  await page.getByRole('combobox', { name: 'Tool' }).selectOption('show');
  await page.getByRole('button', { name: 'Call', exact: true }).click();
  await page.getByText('what was found').first().waitFor();
  const picture = page.getByRole('img', { name: /^Picture, image/ });
  await picture.waitFor();
  assert.equal(await page.evaluate('document.querySelector("figure img").naturalWidth'), 1);
  await page.getByText(/^audio\/wav, .*: not shown$/).waitFor();
  await page.getByText('forms://one').first().waitFor();
  await page.getByText('its text').first().waitFor();
  await page.getByRole('heading', { name: 'Structured content' }).waitFor();
  await page.getByRole('combobox', { name: 'Tool' }).selectOption('fail');
  await page.getByRole('button', { name: 'Call', exact: true }).click();
  await page.getByText(/^Answered with an error in/).waitFor();
  assert.deepEqual(faults, []);
});
