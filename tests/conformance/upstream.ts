import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createHome, entry } from '../support/home.ts';
import { mustPass } from './reached.ts';
import { report } from './report.ts';
import { type Revision, testClient } from './suite.ts';

const client = fileURLToPath(new URL('./client.js', import.meta.url));

/** One test: all scenarios for clients of one revision, with Ringmaster in the client's place. */
export function testUpstream(revision: Revision): void {
  test(`Ringmaster as the client of remote servers conforms to ${revision}`, async (t) => {
    await using home = createHome({ servers: { echo: entry('echo') } });
    const { origin } = await home.up();
    const verdicts = await testClient(`${process.execPath} ${client} ${origin}`, revision);
    const { passed, text } = report(verdicts);
    t.diagnostic(text);
    const lost = mustPass(revision, 'client').filter((scenario) => !passed.includes(scenario));
    assert.deepEqual(lost, [], text);
  });
}
