import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';
import { findingsOn, makeCalls, openBrowser } from './pages.ts';

const pages = ['/alerts', '/alerts?view=history', '/alerts?view=rules', '/alerts?view=notifiers'];

for (const language of ['en', 'ja'] as const) {
  test(`the pages of duty in ${language} are without a finding of axe, in both themes and widths`, async () => {
    await using home = createHome({
      servers: { echo: entry('echo'), crash: entry('crash') },
      // One that nobody answers, so that what failed is seen, too.
      alerts: {
        memoryBytes: { high: 1 },
        ...{ minSamples: 1, notifiers: { chat: { kind: 'slack', url: 'http://127.0.0.1:9/' } } },
      },
      metrics: { sampleMs: 1_000 },
    });
    const daemon = await home.up();
    await makeCalls(daemon);
    await waitFor('alerts of both kinds', async () => {
      const { alerts } = await daemon.api<{ alerts: { rule: string }[] }>('/alerts');
      return new Set(alerts.map(({ rule }) => rule)).size > 1;
    });
    await daemon.api('/alerts/silence', { subject: 'crash', forMs: '1h' });
    await using browser = await openBrowser();
    const addresses = pages.map((path) => `${daemon.origin}${path}`);
    assert.deepEqual(await findingsOn(browser, language, addresses), []);
  });
}
