import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';
import { findingsOn, makeCalls, openBrowser } from './pages.ts';

const pages = ['/', '/servers/crash', '/settings'];

for (const language of ['en', 'ja'] as const) {
  test(`Fleet, a server and Settings in ${language} are without a finding of axe, in both themes and widths`, async () => {
    // Things go well and badly: ready, failed, stopped, and one that died.
    await using home = createHome({
      servers: {
        ...{ echo: entry('echo'), crash: entry('crash'), missing: { command: '/nothing/there' } },
        off: { ...entry('echo'), enabled: false },
      },
    });
    const daemon = await home.up('answers');
    await waitFor('the ready servers', async () => {
      const { servers } = await daemon.api<{ servers: { state: string }[] }>('/servers');
      return servers.filter(({ state }) => state === 'ready').length === 2;
    });
    await makeCalls(daemon);
    await using browser = await openBrowser();
    const addresses = pages.map((path) => `${daemon.origin}${path}`);
    assert.deepEqual(await findingsOn(browser, language, addresses), []);
  });
}
