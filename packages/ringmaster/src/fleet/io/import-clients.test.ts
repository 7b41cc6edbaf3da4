import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Problem } from '../../errors.ts';
import { importClients } from './import-clients.ts';
import { readFleet } from './read-fleet.ts';
import { readVariables } from './read-variables.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringmaster-import-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, content: unknown): Promise<string> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function request(from: string[] = [], mode: 'plan' | 'write' = 'write', environment = {}) {
  return {
    from,
    fleetFile: join(root, 'shop/ringmaster.yaml'),
    fleetName: 'shop',
    mode,
    machine: {
      homeDir: join(root, 'home'),
      workspaceDir: join(root, 'shop'),
      platform: 'linux' as const,
      environment,
    },
  };
}

const files = { command: 'npx', args: ['-y', 'server-filesystem', '.'] };
const github = { command: 'npx', args: ['server-github'], env: { GITHUB_TOKEN: 'hush-token' } };

test('every known file is found, one server of two clients is one, and secrets move out', async () => {
  await put('shop/.mcp.json', { mcpServers: { files, github } });
  await put('shop/.cursor/mcp.json', {
    mcpServers: { files, search: { url: 'https://s.example/mcp' } },
  });
  await put(
    'shop/.vscode/mcp.json',
    '// mine\n{ "servers": { "files": { "command": "other" }, } }',
  );
  await put('home/.codex/config.toml', '[mcp_servers.docs]\ncommand = "docs"\n');
  await put('home/.config/Claude/claude_desktop_config.json', '{ broken');
  const report = await importClients(request());
  assert.deepEqual(report.added, ['files', 'github', 'files-2', 'search', 'docs']);
  assert.deepEqual(report.variables, ['GITHUB_TOKEN']);
  const broken = report.files.find((file) => file.client === 'claude-desktop');
  assert.match(broken?.notes[0] ?? '', /claude_desktop_config\.json:1:/);

  const text = await readFile(report.fleetFile, 'utf8');
  assert.equal(text, report.text);
  assert.ok(!text.includes('hush'));
  assert.equal((await stat(report.variablesFile)).mode & 0o777, 0o600);
  const { fleet } = await readFleet(report.fleetFile, { revision: 1 });
  const [, spec] = fleet.servers;
  assert.ok(spec);
  assert.equal(spec.env['GITHUB_TOKEN'], '${GITHUB_TOKEN}');
  const { variables } = await readVariables(fleet, spec, {});
  assert.equal(variables['GITHUB_TOKEN'], 'hush-token');
});

test('a second import changes nothing', async () => {
  await put('shop/.mcp.json', { mcpServers: { files, github } });
  await importClients(request());
  const before = await readdir(join(root, 'shop'));
  const again = await importClients(request());
  assert.equal(again.isChanged, false);
  assert.deepEqual(again.added, []);
  assert.deepEqual(
    again.skipped.map(({ why }) => why),
    ['already in the fleet file', 'already in the fleet file'],
  );
  assert.deepEqual(await readdir(join(root, 'shop')), before);
});

test('comments and settings of an existing fleet file stay; a taken name is left alone', async () => {
  const text = [
    '# ours',
    'fleet: shop # the name',
    'servers:',
    '  files: # by hand',
    '    command: mine',
    '    limits: { waitMs: 3s }',
    '',
    '# the end',
    'profiles: { basic: [files] }',
    '',
  ].join('\n');
  await put('shop/ringmaster.yaml', text);
  await put('shop/.mcp.json', { mcpServers: { files, b: { command: 'b', args: [7] } } });
  const report = await importClients(request());
  assert.deepEqual(report.added, ['b']);
  assert.match(report.skipped[0]?.why ?? '', /other settings/);
  for (const line of text.split('\n')) assert.ok(report.text.includes(line), line);
  assert.match(report.text, / {2}# imported from .*\.mcp\.json\n {2}b:\n {4}command: b\n/);
});

test('a plan writes nothing', async () => {
  await put('shop/.mcp.json', { mcpServers: { github } });
  const report = await importClients(request([], 'plan'));
  assert.equal(report.isChanged, true);
  assert.deepEqual(await readdir(join(root, 'shop')), ['.mcp.json']);
});

test('variables are appended to those that are there, and never take over one of the shell', async () => {
  await put('shop/ringmaster.env', 'OLD=1');
  await put('shop/.mcp.json', { mcpServers: { github } });
  const report = await importClients(request([], 'write', { GITHUB_TOKEN: 'of the shell' }));
  assert.deepEqual(report.variables, ['GITHUB_GITHUB_TOKEN']);
  const text = await readFile(report.variablesFile, 'utf8');
  assert.equal(text, 'OLD=1\nGITHUB_GITHUB_TOKEN=hush-token\n');
  assert.equal((await stat(report.variablesFile)).mode & 0o777, 0o600);
});

test('a named file is read whatever it is called; Ringmaster itself is left out', async () => {
  const file = await put('elsewhere/my.json', {
    mcpServers: { files, ringmaster: { type: 'http', url: 'http://127.0.0.1:7464/mcp' } },
  });
  const report = await importClients(request([file]));
  assert.deepEqual(report.added, ['files']);
  assert.match(report.files[0]?.notes.join() ?? '', /Ringmaster itself/);
});

test('processes of another manager become services, their secrets moved out, and twice changes nothing', async () => {
  const file = await put(
    'shop/circus.ini',
    '[watcher:web]\ncmd = node web.js\nworking_dir = ./app\n[env:web]\nAPI_TOKEN = hush-token\n',
  );
  const report = await importClients(request([file]));
  assert.deepEqual(report.added, ['web']);
  assert.equal(report.files[0]?.client, 'circus');
  assert.ok(!report.text.includes('hush-token'));
  const { fleet } = await readFleet(report.fleetFile, { revision: 1 });
  assert.equal(fleet.servers[0]?.kind, 'service');
  assert.equal(fleet.servers[0]?.cwd, join(root, 'shop/app'));
  const again = await importClients(request([file]));
  assert.equal(again.isChanged, false);
});

test('the files that a configuration of another manager includes are read with it', async () => {
  await put('shop/conf.d/b.conf', '[program:b]\ncommand=run b\n');
  await put('shop/conf.d/a.conf', '[program:a]\ncommand=run a\n');
  await put('shop/conf.d/c.txt', '[program:c]\ncommand=run c\n');
  await put('shop/conf.d/.d.conf', '[program:d]\ncommand=run d\n');
  await put('shop/sites/one/e.conf', '[program:e]\ncommand=%(here)s/run e\n');
  const file = await put(
    'shop/supervisord.conf',
    '[supervisord]\n[include]\nfiles = conf.d/*.conf none/*.conf sites/*/*.conf\n',
  );
  const report = await importClients(request([file], 'plan'));
  assert.deepEqual(report.added, ['a', 'b', 'e']);
  assert.ok(report.text.includes(`${join(root, 'shop/sites/one/run')}`), report.text);
  assert.match(report.files[0]?.notes.join() ?? '', /none\/\*\.conf .*no such file/);
});

const refused: { name: string; from: string; content?: string; says: RegExp }[] = [
  { name: 'a missing file', from: 'none.json', says: /There is no file/ },
  { name: 'a broken file', from: 'x.json', content: '{"mcpServers": {', says: /x\.json:1:17: / },
  {
    name: 'some other file',
    from: 'x.json',
    content: '{"a": 1}',
    says: /no configuration of a known MCP client/,
  },
  {
    name: 'a program of pm2',
    from: 'ecosystem.config.js',
    content: 'module.exports = {}',
    says: /programs are not run/,
  },
  { name: 'a client without a file', from: 'codex', says: /Found no configuration of Codex/ },
];
for (const { name, from, content, says } of refused) {
  test(`${name} that was named is refused`, async () => {
    if (content !== undefined) await put(`shop/${from}`, content);
    else await mkdir(join(root, 'shop'), { recursive: true });
    await assert.rejects(importClients(request([from])), (error) => {
      assert.ok(error instanceof Problem);
      assert.equal(error.code, 'client_config_invalid');
      assert.match(error.message, says);
      return true;
    });
  });
}
