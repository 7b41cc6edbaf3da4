import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createHome, type Home } from '../support/home.ts';

interface Row {
  readonly server: string;
  readonly state: string;
  readonly url?: string;
  readonly docsUrl?: string;
  readonly pid?: number;
}

const folder = fileURLToPath(new URL('../../../examples/hybrid/', import.meta.url));

/** A home with the example as it is written, but on free ports, so that tests can run side by side. */
function exampleHome(change: (text: string) => string = (text) => text): Home {
  const home = createHome({ servers: {} });
  cpSync(folder, home.folder, { recursive: true });
  const written = readFileSync(home.file, 'utf8');
  const ports = written.replace('port: 7464', 'port: 0').replaceAll(/port: 800\d/g, 'port: auto');
  writeFileSync(home.file, change(ports));
  return home;
}

const sizes: { profile: string; runs: string[] }[] = [
  { profile: 'basic', runs: ['api', 'drone'] },
  { profile: 'enhanced', runs: ['enhanced-api', 'drone'] },
  { profile: 'full', runs: ['api', 'enhanced-api', 'drone'] },
];
for (const { profile, runs } of sizes) {
  test(`the ${profile} profile starts ${runs.join(', ')}, and a new process tells the truth about them`, async () => {
    await using home = exampleHome();
    const up = await home.run('up', '--detach', '--profile', profile);
    assert.equal(up.code, 0, up.stderr);
    const stopped = 3 - runs.length;
    const totals = `${runs.length} of ${runs.length} servers ready${stopped === 0 ? '' : `, ${stopped} stopped`}`;
    assert.ok(up.stdout.includes(totals), up.stdout);

    const { servers } = await home.json<{ servers: Row[] }>('status');
    const ready = servers.filter(({ state }) => state === 'ready');
    assert.deepEqual(
      ready.map(({ server }) => server),
      runs,
    );
    for (const { server, pid, url, docsUrl } of ready) {
      const line = up.stdout.split('\n').find((one) => one.includes(` ${server} `)) ?? '';
      assert.match(line, new RegExp(`● ready.*pid ${pid}\\b`));
      assert.match(line, /sentences in Japanese and English/);
      if (server === 'drone') {
        assert.match(line, /stdio · MCP \d{4}-\d\d-\d\d · .*, 1 tools/);
        continue;
      }
      assert.match(line, /service · HTTP/);
      assert.ok(url !== undefined && docsUrl === `${url}/docs`, docsUrl);
      assert.ok(line.includes(`${url} · docs ${docsUrl}`), line);
      assert.match(await (await fetch(docsUrl)).text(), new RegExp(`<h1>${server}</h1>`));
    }
    const call = await home.run(
      'call',
      'drone.understand_command',
      '--arg',
      'text=2メートル上昇して',
    );
    assert.match(call.stdout, /"action\\?":\\?"up\\?",\\?"centimetres\\?":200/);
    assert.equal((await home.run('down')).code, 0);
  });
}

test('a hybrid fleet of which one server cannot start says so, and exits 1 at start and at status', async () => {
  await using home = exampleHome((text) =>
    text.replace('[api.mjs]', '[none.mjs]').replaceAll('baseDelayMs: 2s', 'baseDelayMs: 1ms'),
  );
  const up = await home.run('up', '--detach', '--profile', 'basic');
  assert.equal(up.code, 1);
  assert.match(up.stdout, /api +✗ failed[\s\S]*1 of 2 servers ready/);
  assert.equal((await home.run('status')).code, 1);
  assert.equal((await home.run('down')).code, 0);
});
