import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, entry, type Home } from '../support/home.ts';

const fleet = {
  profiles: { basic: ['echo'], full: 'all', none: [] },
  servers: { echo: entry('echo'), slow: entry('slow-start', ['--ms', '100']) },
};

const running = (home: Home) => [home.servers('echo').length, home.servers('slow-start').length];

test('a profile is what starts, and whole profiles are started and stopped at run time', async () => {
  await using home = createHome(fleet);
  await home.up('answers', ['--profile', 'basic']);
  await home.run('ensure-started', '--profile', 'basic');
  assert.deepEqual(running(home), [1, 0]);

  const started = await home.run('start', '--profile', 'full');
  assert.equal(started.code, 0, started.stderr);
  assert.deepEqual(running(home), [1, 1]);

  assert.equal((await home.run('stop', '--profile', 'basic')).code, 0);
  assert.deepEqual(running(home), [0, 1]);

  assert.equal((await home.run('stop', '--profile', 'none')).code, 0);
  assert.deepEqual(running(home), [0, 1], 'a profile without servers stops none');

  const unknown = await home.run('start', '--profile', 'nothing');
  assert.equal(unknown.code, 3);
  assert.match(unknown.stderr, /basic, full/);
  assert.equal((await home.run('start')).code, 64);
});
