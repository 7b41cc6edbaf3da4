import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { findingsOn, makeCalls, openBrowser } from './pages.ts';

for (const language of ['en', 'ja'] as const) {
  test(`Calls, a call and Metrics in ${language} are without a finding of axe, in both themes and widths`, async () => {
    await using home = createHome({ servers: { echo: entry('echo'), crash: entry('crash') } });
    const daemon = await home.up();
    await makeCalls(daemon);
    const { calls } = await daemon.api<{ calls: { id: number }[] }>('/calls');
    await using browser = await openBrowser();
    const paths = ['/calls', `/calls/${calls[0]?.id}`, '/metrics'];
    const addresses = paths.map((path) => `${daemon.origin}${path}`);
    assert.deepEqual(await findingsOn(browser, language, addresses), []);
  });
}
