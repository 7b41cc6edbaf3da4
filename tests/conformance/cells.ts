import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { mustPass } from './reached.ts';
import { report } from './report.ts';
import { type Revision, testServer } from './suite.ts';

type Entry = ReturnType<typeof entry>;

const revisions: readonly Revision[] = ['2025-11-25', '2026-07-28'];
/** Daemons, and suites beside each other: a suite mostly waits. */
const atOnce = 2;

/**
 * One test for each server, path and revision: the suite's whole list, and what we pass beside it. Each server has a
 * daemon of its own, with others beside it, so that the common endpoint has something to tell apart. `besides` may
 * bring what the server itself cannot do; then the scenarios about that must pass as well.
 */
export function testCells(
  title: string,
  upstreams: Readonly<Record<string, Entry>>,
  paths: readonly string[],
  besides: {
    readonly servers?: Readonly<Record<string, Entry>>;
    readonly scenarios?: Readonly<Record<Revision, readonly string[]>>;
    /** Both, unless told otherwise. */
    readonly revisions?: readonly Revision[];
  } = {},
): void {
  const more = (revision: Revision) => besides.scenarios?.[revision] ?? [];
  test(title, { concurrency: atOnce }, async (t) => {
    const cells = Object.entries(upstreams).map(([upstream, everything]) =>
      t.test(`before ${upstream}:`, async (inner) => {
        const others = { echo: entry('echo'), things: entry('resources'), ...besides.servers };
        const servers = { everything, ...others };
        await using home = createHome({ servers });
        const { origin } = await home.up();
        // One after the other: who asks in the name of whom is not what is tested here.
        for (const path of paths)
          for (const revision of besides.revisions ?? revisions)
            await inner.test(`${revision} at ${path} before ${upstream}`, async (cell) => {
              const { passed, text } = report(await testServer(`${origin}${path}`, revision));
              cell.diagnostic(text);
              const wanted = [...mustPass(revision, 'server'), ...more(revision)];
              const lost = wanted.filter((scenario) => !passed.includes(scenario));
              assert.deepEqual(lost, [], text);
            });
      }),
    );
    await Promise.all(cells);
  });
}
