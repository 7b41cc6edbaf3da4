import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { covers } from '../support/covers.ts';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

test('a saved fleet file is applied: added, changed and removed servers, and nothing else', async () => {
  covers('fleet.get', 'fleet.apply');
  await using home = createHome({
    servers: { keep: entry('echo'), change: entry('dual'), leave: entry('modern') },
  });
  const daemon = await home.up();
  const kept = home.servers('echo').map(({ pid }) => pid);
  const changed = home.servers('dual').map(({ pid }) => pid);
  const next = {
    servers: {
      keep: entry('echo'),
      change: entry('dual', ['--name', 'renamed']),
      come: entry('collide'),
    },
  };
  home.write(next);
  await waitFor('the new fleet', async () => {
    const fleet = await daemon.api<{ servers: string[] }>('/fleet');
    return fleet.servers.join() === 'keep,change,come';
  });
  await waitFor('the new server', () => home.servers('collide').length === 1);
  await waitFor('the end of the old one', () => home.servers('modern').length === 0);
  await waitFor('the restart', () => {
    const now = home.servers('dual');
    return now.length === 1 && now[0]?.pid !== changed[0];
  });
  assert.deepEqual(
    home.servers('echo').map(({ pid }) => pid),
    kept,
  );
});

test('apply --dry-run says what would be done, with reasons, and does nothing', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  const before = home.servers('echo');
  interface Applied {
    readonly applied: boolean;
    readonly actions: readonly { action: string; server: string; why: string }[];
  }
  const plan = await home.json<Applied>('apply', '--dry-run');
  assert.equal(plan.applied, false);
  assert.deepEqual(plan.actions, []);
  assert.deepEqual(home.servers('echo'), before);
  assert.ok(daemon.pid > 0);
});

test('a broken fleet file is refused with line and nearest key, and the old fleet stays', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  writeFileSync(home.file, 'fleet: journey\nservers:\n  echo:\n    comand: node\n');
  const validated = await home.run('validate');
  assert.equal(validated.code, 3);
  assert.match(validated.stderr + validated.stdout, /:4:\d+:.*comand.*command/);
  const japanese = await home.run('validate', '--lang', 'ja');
  assert.equal(japanese.code, 3);
  assert.match(
    japanese.stderr,
    /:4:\d+: servers\.echo\.comand: 不明なキーです。.*"command" のことですか/,
  );
  assert.match(japanese.stderr, /上に示した行を直してから/);
  await waitFor('the rejection', async () => {
    const status = await daemon.api<{ lastRejected?: object }>('/status');
    return status.lastRejected;
  });
  assert.match((await home.run('status', '--lang', 'ja')).stdout, /comand: 不明なキーです/);
  const client = await daemon.legacy();
  assert.equal(await client.call('echo', { text: 'old fleet' }), 'old fleet');
});

test("a client's own configuration is imported, run, and exported to another client", async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const source = join(home.folder, '.mcp.json');
  const { command, args } = entry('echo') as { command: string; args: string[] };
  const imported = { command, args, env: { API_TOKEN: 'sk-abcdefghijklmnopqrstuvwxyz123456' } };
  writeFileSync(source, JSON.stringify({ mcpServers: { imported } }));
  const result = await home.run('import', '--from', source);
  assert.equal(result.code, 0, result.stderr);
  const text = readFileSync(home.file, 'utf8');
  assert.match(text, /imported/);
  assert.doesNotMatch(text, /sk-abcdef/);

  const daemon = await home.up();
  const client = await daemon.legacy('/servers/imported/mcp');
  assert.match(await client.call('env', { name: 'API_TOKEN' }), /^sk-abc/);

  const target = join(home.folder, 'cursor.json');
  writeFileSync(target, '{ "mcpServers": { "foreign": { "command": "x" } }, "other": 1 }');
  const exported = await home.run('export', '--client', 'cursor', '--path', target);
  assert.equal(exported.code, 0, exported.stderr);
  const written = JSON.parse(readFileSync(target, 'utf8')) as Record<string, object>;
  assert.deepEqual(Object.keys(written), ['mcpServers', 'other']);
  assert.ok('foreign' in (written['mcpServers'] ?? {}));
  assert.ok(existsSync(`${target}.bak-1`) || existsSync(`${target}.bak-0`));
});
