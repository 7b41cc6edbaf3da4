import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { findingsOn, makeCalls, openBrowser } from './pages.ts';

const views = ['kept', 'performance', 'advice', 'capacity'];

for (const language of ['en', 'ja'] as const) {
  test(`reports in ${language} are without a finding of axe, in both themes and widths`, async () => {
    await using home = createHome({ servers: { echo: entry('echo'), crash: entry('crash') } });
    const daemon = await home.up();
    await makeCalls(daemon);
    const asked = { period: 'daily', which: 'current' };
    const { name } = await daemon.api<{ name: string }>('/reports', asked);
    await using browser = await openBrowser();
    const paths = [...views.map((view) => `/reports?view=${view}`), `/reports/${name}`];
    const addresses = paths.map((path) => `${daemon.origin}${path}`);
    assert.deepEqual(await findingsOn(browser, language, addresses), []);
  });
}
