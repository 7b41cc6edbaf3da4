import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createHome, entry } from '../support/home.ts';

interface CheckUp {
  readonly checks: readonly { check: string; verdict: string; found: string }[];
}

test('the check-up tells a daemon that runs from one that died, and whose servers are no orphans', async () => {
  await using home = createHome({
    servers: {
      echo: entry('echo'),
      api: entry('service', [], { kind: 'service', port: 'auto', health: { http: '/health' } }),
    },
  });
  const doctor = async () => {
    const { checks } = await home.json<CheckUp>('doctor');
    return (name: string) => checks.find(({ check }) => check === name);
  };
  const daemon = await home.up();
  const alive = await doctor();
  for (const name of ['fleet', 'dataDir', 'clock', 'port', 'daemon', 'guardian', 'leftovers'])
    assert.equal(alive(name)?.verdict, 'pass', JSON.stringify(alive(name)));

  await daemon.kill();
  const dead = await doctor();
  assert.equal(dead('daemon')?.verdict, 'warn');
  assert.match(dead('daemon')?.found ?? '', /2 of its servers/);
  assert.equal(dead('guardian')?.verdict, 'pass');
  const { orphans } = await home.json<{ orphans: { pid: number }[] }>('doctor', '--orphans');
  const own = new Set([...home.servers('echo'), ...home.servers('service')].map(({ pid }) => pid));
  assert.ok(own.size >= 2);
  assert.deepEqual(
    orphans.filter(({ pid }) => own.has(pid)),
    [],
  );
  assert.equal((await home.run('down')).code, 0);
});

test('a Procfile is imported and its services run on ports of their own', async () => {
  await using home = createHome({ servers: {} });
  const example = fileURLToPath(new URL('../../../examples/hybrid/', import.meta.url));
  for (const name of ['api.mjs', 'sentences.mjs'])
    cpSync(join(example, name), join(home.folder, name));
  writeFileSync(
    join(home.folder, 'Procfile'),
    'web: NAME="two words" exec node api.mjs --port $PORT\nlog: tail -f x | grep y\n',
  );
  const imported = await home.run('import', '--from', 'Procfile');
  assert.equal(imported.code, 0, imported.stderr);
  assert.match(imported.stderr, /log: needs a shell/);
  const up = await home.run('up', '--detach');
  assert.equal(up.code, 0, up.stderr + up.stdout);
  assert.match(up.stdout, /web +● ready[\s\S]*1 of 1 servers ready/);
  assert.equal((await home.run('down')).code, 0);
});
