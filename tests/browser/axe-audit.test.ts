import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';
import { findingsOn, openBrowser } from './pages.ts';

for (const language of ['en', 'ja'] as const) {
  test(`Approvals and Audit in ${language} are without a finding of axe, in both themes and widths`, async () => {
    const fleetWith = (args: readonly string[]) => ({
      spawn: { approve: 'changed' },
      servers: { echo: entry('echo', args) },
    });
    await using home = createHome(fleetWith([]));
    const daemon = await home.up();
    // Done and refused, by the command line and by REST, and something that waits.
    await home.run('restart', 'echo');
    await daemon.api('/servers/start', { servers: ['nobody'] }).catch(() => {});
    home.write(fleetWith(['--more']));
    await waitFor('the changed server to be held', async () => {
      const { waiting } = await daemon.api<{ waiting: unknown[] }>('/approvals');
      return waiting.length === 1;
    });
    await using browser = await openBrowser();
    const addresses = ['/approvals', '/audit'].map((path) => `${daemon.origin}${path}`);
    assert.deepEqual(await findingsOn(browser, language, addresses), []);
  });
}
