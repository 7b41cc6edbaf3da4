import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { serverFile } from '../support/stdio-server.ts';
import { waitFor } from '../support/wait.ts';
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
    const port = await freePort();
    const child = spawn(process.execPath, [serverFile(`everything/${fixture}`), ...args], {
      env: { ...process.env, PORT: String(port) },
      stdio: 'ignore',
    });
    try {
      const url = `http://127.0.0.1:${port}/mcp`;
      await waitFor(url, () =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      );
      const { failed, text } = report(await testServer(url, revision));
      assert.equal(failed.length, 0, text);
    } finally {
      child.kill('SIGKILL');
    }
  });

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
