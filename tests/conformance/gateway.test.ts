import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { reached } from './reached.ts';
import { report } from './report.ts';
import { type Revision, testServer } from './suite.ts';

const url = 'http://127.0.0.1:${PORT}/mcp';
const http = { url, port: 'auto' };
const modernOnly = ['--modern-only'];

/** Servers of every kind the gateway stands before; what each passes alone is in `fixtures.test.ts`. */
const upstreams = {
  'a server of both eras on stdio': entry('everything/dual'),
  'a server of both eras over HTTP': entry('everything/dual', [], http),
  'a server of the handshake era on stdio': entry('everything/legacy'),
  'a server of the handshake era over HTTP': entry('everything/legacy', [], http),
  'a server of the stateless era on stdio': entry('everything/dual', modernOnly),
  'a server of the stateless era over HTTP': entry('everything/dual', modernOnly, http),
};
const paths = ['/servers/everything/mcp', '/mcp'];
const revisions: readonly Revision[] = ['2025-11-25', '2026-07-28'];
/** Daemons, and suites beside each other: a suite mostly waits. */
const atOnce = 3;

test('the gateway conforms to', { concurrency: atOnce }, async (t) => {
  const cells = Object.entries(upstreams).map(([upstream, everything]) =>
    t.test(`before ${upstream}:`, async (inner) => {
      // Others beside it, so that the common endpoint has something to tell apart.
      const servers = { everything, echo: entry('echo'), things: entry('resources') };
      await using home = createHome({ servers });
      const daemon = await home.up();
      // One after the other: who asks in the name of whom is not what is tested here.
      for (const path of paths)
        for (const revision of revisions)
          await inner.test(`${revision} at ${path} before ${upstream}`, async (cell) => {
            const verdicts = await testServer(`${daemon.origin}${path}`, revision);
            const { passed, text } = report(verdicts);
            cell.diagnostic(text);
            const lost = reached[revision].filter((scenario) => !passed.includes(scenario));
            assert.deepEqual(lost, [], text);
          });
    }),
  );
  await Promise.all(cells);
});
