import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { covers } from '../support/covers.ts';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

interface Edited {
  readonly changes: readonly { readonly setting: string; readonly after?: string }[];
  readonly actions: readonly { readonly action: string }[];
}

test('a setting is changed in the file and in what runs; a dry run only says so', async () => {
  covers('server.edit');
  await using home = createHome({ servers: { echo: entry('echo'), other: entry('collide') } });
  const daemon = await home.up();
  const before = readFileSync(home.file, 'utf8');
  const pids = home.servers('collide').map(({ pid }) => pid);

  const set = ['--set', 'env.GREETING=hello', '--set', 'stop.graceMs=2000'];
  const planned = await home.run('edit', 'echo', ...set, '--dry-run');
  assert.equal(planned.code, 0, planned.stderr);
  assert.match(planned.stdout, /env\.GREETING[\s\S]*stop +- +\{"graceMs":2000\}/);
  assert.doesNotMatch(planned.stdout, /hello/, 'the value of a variable is shown');
  assert.equal(readFileSync(home.file, 'utf8'), before);

  const done = await home.run('edit', 'echo', ...set);
  assert.equal(done.code, 0, done.stderr);
  const client = await daemon.legacy();
  await waitFor('the new environment', async () => {
    const told = await client.call('env', { name: 'GREETING' });
    return told === 'hello';
  });
  assert.deepEqual(
    home.servers('collide').map(({ pid }) => pid),
    pids,
    'another server was restarted',
  );

  const undone = await home.json<Edited>('edit', 'echo', '--unset', 'env.GREETING');
  assert.deepEqual(
    undone.changes.map(({ setting, after }) => [setting, after]),
    [['env.GREETING', undefined]],
  );
  const same = await home.run('edit', 'echo', '--unset', 'env.GREETING');
  assert.match(same.stdout, /already/);
});

test('a wrong setting, an unknown server and nothing to change are refused, and nothing is written', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  await home.up();
  const before = readFileSync(home.file, 'utf8');
  for (const { args, code, says } of [
    { args: ['echo', '--set', 'commnd=x'], code: 3, says: /commnd[\s\S]*command/ },
    { args: ['echo', '--set', 'limits=7'], code: 3, says: /limits/ },
    { args: ['ech', '--set', 'cwd=.'], code: 1, says: /did you mean echo/ },
    { args: ['echo'], code: 64, says: /--set/ },
    { args: ['echo', '--set', 'cwd'], code: 64, says: /SETTING=VALUE/ },
  ]) {
    const refused = await home.run('edit', ...args);
    assert.equal(refused.code, code, `${args.join(' ')}: ${refused.stdout}${refused.stderr}`);
    assert.match(refused.stderr, says);
  }
  assert.equal(readFileSync(home.file, 'utf8'), before);
});

test('a changed command waits for a person where the fleet wants it', async () => {
  await using home = createHome({
    spawn: { approve: 'changed' },
    servers: { echo: entry('echo') },
  });
  const daemon = await home.up();
  await home.run('edit', 'echo', '--set', 'env.EXTRA=new');
  await waitFor('the changed server to be held', async () => {
    const { why } = await daemon.api<{ why: string }>('/servers/echo');
    return /changed since it was approved/.test(why);
  });
  assert.equal(home.servers('echo').length, 0);
});
