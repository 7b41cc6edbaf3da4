import assert from 'node:assert/strict';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Problem } from '../../errors.ts';
import type { ClientName } from '../clients/client.ts';
import { fleetOf } from '../testing/fleet-of.ts';
import { type ExportRequest, exportClient } from './export-clients.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringmaster-export-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const fleet = fleetOf({
  servers: {
    files: { command: 'npx', args: ['-y', 'x'], env: { TOKEN: '${TOKEN}' } },
    search: { url: 'https://s.example/mcp', headers: { Authorization: 'Bearer ${KEY}' } },
    own: { command: 'node', url: 'http://127.0.0.1:${PORT}/mcp', port: 8123 },
    moving: { command: 'node', url: 'http://127.0.0.1:${PORT}/mcp', port: 'auto' },
    api: { kind: 'service', command: 'node' },
    off: { command: 'x', enabled: false },
  },
});

function request(client: ClientName, changes: Partial<ExportRequest> = {}): ExportRequest {
  return {
    client,
    what: 'gateway',
    existing: 'keep',
    mode: 'write',
    fleet,
    gateway: {
      url: 'http://127.0.0.1:7464/mcp',
      connect: { command: 'ringmaster', args: ['connect'] },
    },
    machine: {
      homeDir: join(root, 'home'),
      workspaceDir: join(root, 'shop'),
      platform: 'linux',
      environment: {},
    },
    ...changes,
  };
}

async function put(path: string, text: string): Promise<string> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

const fresh: { client: ClientName; path: string; text: string }[] = [
  {
    client: 'claude-desktop',
    path: 'home/.config/Claude/claude_desktop_config.json',
    text: '{"mcpServers":{"ringmaster":{"command":"ringmaster","args":["connect"]}}}',
  },
  {
    client: 'claude-code',
    path: 'shop/.mcp.json',
    text: '{"mcpServers":{"ringmaster":{"type":"http","url":"http://127.0.0.1:7464/mcp"}}}',
  },
  {
    client: 'vscode',
    path: 'shop/.vscode/mcp.json',
    text: '{"servers":{"ringmaster":{"type":"http","url":"http://127.0.0.1:7464/mcp"}}}',
  },
  {
    client: 'cursor',
    path: 'shop/.cursor/mcp.json',
    text: '{"mcpServers":{"ringmaster":{"url":"http://127.0.0.1:7464/mcp"}}}',
  },
];
for (const { client, path, text } of fresh) {
  test(`${client}: a new file has one entry, in the client's own form`, async () => {
    const report = await exportClient(request(client));
    assert.equal(report.file, join(root, path));
    assert.equal(report.backup, undefined);
    assert.deepEqual(report.written, ['ringmaster']);
    const written = await readFile(report.file, 'utf8');
    assert.equal(JSON.stringify(JSON.parse(written)), text);
    assert.ok(written.endsWith('}\n'));
  });
}

test('codex: a new file has one table', async () => {
  const report = await exportClient(request('codex'));
  assert.equal(report.file, join(root, 'home/.codex/config.toml'));
  const text = '[mcp_servers.ringmaster]\nurl = "http://127.0.0.1:7464/mcp"\n';
  assert.equal(await readFile(report.file, 'utf8'), text);
});

test('JSON: comments, foreign entries, formatting and permissions stay, and a backup is made once', async () => {
  const before = [
    '{',
    '\t// my servers',
    '\t"mcpServers": {',
    '\t\t"mine": { "command":   "x" }, // keep',
    '\t},',
    '\t"other": [1,2,3]',
    '}',
    '',
  ].join('\n');
  const file = await put('shop/.mcp.json', before);
  await chmod(file, 0o640);
  const report = await exportClient(request('claude-code'));
  const after = await readFile(file, 'utf8');
  const keptLines = before.split('\n').filter((line) => after.includes(`${line}\n`));
  assert.deepEqual(keptLines, before.split('\n'));
  assert.match(after, /\n\t\t"ringmaster": \{\n\t\t\t"type": "http"/);
  assert.equal((await stat(file)).mode & 0o777, 0o640);
  assert.equal(report.backup, `${file}.bak-1`);
  assert.equal(await readFile(`${file}.bak-1`, 'utf8'), before);

  const again = await exportClient(request('claude-code'));
  assert.equal(again.isChanged, false);
  assert.equal(again.backup, undefined);
  assert.deepEqual(await readdir(join(root, 'shop')), ['.mcp.json', '.mcp.json.bak-1']);
});

test('TOML: only our own table is replaced or added; every other line stays', async () => {
  const before = [
    'model = "x" # mine',
    'notify = [',
    '  "[mcp_servers.fake]",',
    ']',
    '',
    '[mcp_servers.ringmaster]',
    'url = "http://127.0.0.1:1111/mcp"',
    '',
    '[mcp_servers.ringmaster.http_headers]',
    'A = "b"',
    '',
    '# about docs',
    '[mcp_servers.docs]',
    'command = "docs"',
    '',
  ].join('\n');
  const file = await put('home/.codex/config.toml', before);
  await exportClient(request('codex'));
  const after = await readFile(file, 'utf8');
  const expected = [
    ...before.split('\n').slice(0, 6),
    'url = "http://127.0.0.1:7464/mcp"',
    ...before.split('\n').slice(10),
  ].join('\n');
  assert.equal(after, expected);
  assert.equal((await exportClient(request('codex'))).isChanged, false);
});

test('a server written inside another TOML table is refused, and nothing is written', async () => {
  const before = '[mcp_servers]\nringmaster = { url = "http://127.0.0.1:1/mcp" }\n';
  const file = await put('home/.codex/config.toml', before);
  await assert.rejects(exportClient(request('codex')), /stands inside another table/);
  assert.equal(await readFile(file, 'utf8'), before);
});

test('all servers are written in the syntax of each client; what it cannot say is skipped with a reason', async () => {
  const all = { what: 'servers' } as const;
  const reasons = ['moving', 'api', 'off'];
  for (const client of ['claude-code', 'vscode', 'cursor', 'codex', 'claude-desktop'] as const) {
    const report = await exportClient(request(client, all));
    assert.deepEqual(report.written, ['files', 'search', 'own'], client);
    assert.deepEqual(
      report.skipped.map(({ server }) => server),
      reasons,
    );
  }
  const vscode = await readFile(join(root, 'shop/.vscode/mcp.json'), 'utf8');
  assert.match(vscode, /"TOKEN": "\$\{env:TOKEN\}"/);
  assert.match(vscode, /"url": "http:\/\/127\.0\.0\.1:8123\/mcp"/);
  const codex = await readFile(join(root, 'home/.codex/config.toml'), 'utf8');
  assert.match(codex, /env_vars = \[ "TOKEN" \]/);
  assert.match(codex, /bearer_token_env_var = "KEY"/);
});

test('a foreign entry of the same name stays unless it is asked to be replaced', async () => {
  const file = await put('shop/.mcp.json', '{"mcpServers":{"files":{"command":"mine"}}}');
  const kept = await exportClient(request('claude-code', { what: 'servers' }));
  assert.match(kept.skipped.find(({ server }) => server === 'files')?.why ?? '', /it stays/);
  assert.match(await readFile(file, 'utf8'), /"command":"mine"/);
  await exportClient(request('claude-code', { what: 'servers', existing: 'replace' }));
  assert.doesNotMatch(await readFile(file, 'utf8'), /mine/);
});

test('VS Code: questions that an entry needs are added to those that are there', async () => {
  const asked = { id: 'api-key', type: 'promptString', password: true };
  const withInput = fleetOf({
    servers: {
      a: { command: 'x', env: { K: '${API_KEY}' }, imported: { vscode: { inputs: [asked] } } },
    },
  });
  const file = await put('shop/.vscode/mcp.json', '{ "inputs": [{ "id": "old" }], "servers": {} }');
  await exportClient(request('vscode', { what: 'servers', fleet: withInput }));
  const after = JSON.parse(await readFile(file, 'utf8'));
  assert.deepEqual(after.inputs, [{ id: 'old' }, asked]);
  assert.deepEqual(after.servers.a.env, { K: '${input:api-key}' });
});

test('a linked file is written where it lies, and a plan writes nothing', async () => {
  const real = await put('dotfiles/mcp.json', '{}');
  await mkdir(join(root, 'shop'));
  await symlink(real, join(root, 'shop/.mcp.json'));
  const plan = await exportClient(request('claude-code', { mode: 'plan' }));
  assert.equal(plan.isChanged, true);
  assert.equal(await readFile(real, 'utf8'), '{}');
  await exportClient(request('claude-code'));
  assert.match(await readFile(real, 'utf8'), /ringmaster/);
});

test('what export tells has no secret of the entries that were there', async () => {
  await put('shop/.mcp.json', '{"mcpServers":{"gh":{"command":"x","env":{"TOKEN":"hush"}}}}');
  for (const mode of ['plan', 'write'] as const) {
    const report = await exportClient(request('claude-code', { mode }));
    assert.ok(!JSON.stringify(report).includes('hush'));
    assert.deepEqual(JSON.parse(report.addition), {
      mcpServers: { ringmaster: { type: 'http', url: 'http://127.0.0.1:7464/mcp' } },
    });
  }
});

for (const text of [
  '{ "mcpServers": {',
  '[]',
  '{ "mcpServers": [] }',
  '{"mcpServers":{},"mcpServers":{}}',
]) {
  test(`a file with ${text} is refused, and nothing is written`, async () => {
    const file = await put('shop/.mcp.json', text);
    await assert.rejects(exportClient(request('claude-code')), (error) => {
      assert.ok(error instanceof Problem);
      assert.equal(error.code, 'client_config_invalid');
      return true;
    });
    assert.equal(await readFile(file, 'utf8'), text);
    assert.deepEqual(await readdir(join(root, 'shop')), ['.mcp.json']);
  });
}
