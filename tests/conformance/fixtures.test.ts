import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { serverFile } from '../support/stdio-server.ts';
import { report } from './report.ts';
import { type Revision, testServer } from './suite.ts';

/** What the fixtures pass without a gateway before them: a failure behind it is then the gateway's. */
const rows: readonly {
  readonly fixture: string;
  readonly args?: readonly string[];
  readonly revision: Revision;
}[] = [
  { fixture: 'legacy', revision: '2025-11-25' },
  { fixture: 'dual', revision: '2025-11-25' },
  { fixture: 'dual', revision: '2026-07-28' },
  { fixture: 'dual', args: ['--modern-only'], revision: '2026-07-28' },
];

for (const { fixture, args = [], revision } of rows)
  test(`the ${[fixture, ...args].join(' ')} fixture alone conforms to ${revision}`, async () => {
    const child = spawn(process.execPath, [serverFile(`everything/${fixture}`), ...args], {
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      const said = await new Promise<Buffer>((resolve) => child.stderr.once('data', resolve));
      child.stderr.resume();
      const url = `http://127.0.0.1:${/"port":(\d+)/.exec(String(said))?.[1]}/mcp`;
      const { failed, text } = report(await testServer(url, revision));
      assert.equal(failed.length, 0, text);
    } finally {
      child.kill('SIGKILL');
    }
  });
