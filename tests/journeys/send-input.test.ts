import assert from 'node:assert/strict';
import { test } from 'node:test';
import { covers } from '../support/covers.ts';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

const reader = `process.stdin.on('data', (text) => console.log('read ' + text)).on('end', () => process.exit(3))`;

test('a service that wants input gets it, also from the next daemon, and ends with it', async () => {
  covers('server.sendInput');
  const service = { kind: 'service', command: process.execPath, args: ['-e', reader], stdin: true };
  await using home = createHome({ servers: { reader: service, echo: entry('echo') } });
  const first = await home.up();
  const logged = (text: string) =>
    waitFor(`"${text}" in the log`, async () =>
      (await home.run('logs', 'reader')).stdout.includes(text),
    );

  assert.equal((await home.run('send-input', 'reader', 'hello', 'there')).code, 0);
  await logged('read hello there');
  await first.kill();
  await home.up();
  assert.equal((await home.run('send-input', 'reader', 'again')).code, 0);
  await logged('read again');

  const refused = await home.run('send-input', 'echo', 'hello');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /stdin is not set/);
});
