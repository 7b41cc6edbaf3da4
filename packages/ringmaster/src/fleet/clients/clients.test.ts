import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetOf } from '../testing/fleet-of.ts';
import type { ClientName } from './client.ts';
import { clientNames, clients, detectClient, isGatewayEntry } from './index.ts';
import { readMcpRemote } from './mcp-remote.ts';
import { freeName } from './names.ts';
import { clientFiles } from './places.ts';

const place = { homeDir: '/people/ann', workspaceDir: '/people/ann/shop' };
const read = (name: ClientName, config: unknown) => {
  const { servers, notes } = clients[name].read(config, place);
  return {
    servers: Object.fromEntries(servers.map((server) => [server.name, server.entry])),
    notes,
  };
};

test('Claude Desktop: stdio servers are read, a dollar sign is text, mcp-remote is unwrapped', () => {
  const { servers, notes } = read('claude-desktop', {
    globalShortcut: 'Alt+Space',
    mcpServers: {
      filesystem: {
        command: 'npx',
        args: ['-y', '@modelcontextprotocol/server-filesystem', '/Users/ann/Desktop'],
        env: { PRICE: '$5', TEMPLATE: '${not a variable}', COUNT: 3 },
        disabledTools: ['move'],
      },
      linear: {
        command: 'npx',
        args: ['-y', 'mcp-remote@0.1.29', 'https://mcp.linear.app/sse', '9696', '--allow-http'],
      },
      crm: {
        command: 'npx.cmd',
        args: [
          'mcp-remote',
          'https://crm.example/mcp',
          '--header',
          'Authorization:${AUTH}',
          '--transport',
          'http-only',
        ],
        env: { AUTH: 'Bearer abc' },
      },
      direct: { url: 'https://direct.example/mcp' },
      off: { command: 'x', disabled: true },
      nothing: { title: 'empty' },
    },
  });
  assert.deepEqual(servers, {
    filesystem: {
      command: 'npx',
      args: ['-y', '@modelcontextprotocol/server-filesystem', '/Users/ann/Desktop'],
      env: { PRICE: '$5', TEMPLATE: '$${not a variable}', COUNT: '3' },
      imported: { 'claude-desktop': { disabledTools: ['move'] } },
    },
    linear: {
      url: 'https://mcp.linear.app/sse',
      imported: {
        'claude-desktop': {
          mcpRemote: { package: 'mcp-remote@0.1.29', flags: ['9696', '--allow-http'] },
        },
      },
    },
    crm: {
      url: 'https://crm.example/mcp',
      headers: { Authorization: 'Bearer abc' },
      imported: {
        'claude-desktop': {
          mcpRemote: { package: 'mcp-remote', flags: ['--transport', 'http-only'] },
        },
      },
    },
    direct: { url: 'https://direct.example/mcp' },
    off: { command: 'x', enabled: false },
  });
  assert.ok(notes.includes('nothing: left out: it has neither command nor url'));
});

test('a name that is plain already stays, even behind one that becomes it', () => {
  const { servers } = read('cursor', {
    mcpServers: { 'my server!': { command: 'a' }, 'my-server': { command: 'b' } },
  });
  assert.deepEqual(servers, { 'my-server': { command: 'b' }, 'my-server-2': { command: 'a' } });
});

test('one address that nobody can connect to does not keep the others out', () => {
  const config = { servers: { sock: { url: 'unix:///tmp/hush.sock' }, web: { url: 'http://x' } } };
  const { servers, notes } = read('vscode', config);
  assert.deepEqual(Object.keys(servers), ['web']);
  assert.deepEqual(notes, [
    'sock: left out: its url is no address that begins with http:// or https://',
  ]);
});

test('a key in the path of an mcp-remote address stands in no note', () => {
  const { notes } = read('claude-desktop', {
    mcpServers: { zap: { command: 'npx', args: ['mcp-remote', 'https://z.example/hush/sse'] } },
  });
  assert.deepEqual(notes, [
    'zap: mcp-remote is left out: Ringmaster connects to https://z.example itself',
  ]);
});

test('Claude Code: variables are ours, the servers of this project are read besides those of the user', () => {
  const { servers, notes } = read('claude-code', {
    numStartups: 4,
    mcpServers: {
      user: { type: 'stdio', command: '${HOME}/bin/x', args: ['${A:-b}', '$$', 'a$b'], env: {} },
      both: { command: 'user' },
    },
    projects: {
      '/people/ann/shop': { mcpServers: { both: { command: 'project' } } },
      '/people/ann/other': { mcpServers: { foreign: { command: 'y' } } },
    },
  });
  assert.deepEqual(servers, {
    user: { command: '${HOME}/bin/x', args: ['${A:-b}', '$$$$', 'a$b'] },
    both: { command: 'project' },
  });
  assert.deepEqual(notes, []);
});

/** A key of the client, written as data. */
const script: object = JSON.parse('{"headersHelper":"./h.sh"}');

test('Claude Code: transports, OAuth and headersHelper are kept and told', () => {
  const { servers, notes } = read('claude-code', {
    mcpServers: {
      a: { type: 'http', url: '${BASE:-https://a.example}/mcp', headers: { 'X-Key': '${KEY}' } },
      b: {
        type: 'sse',
        url: 'https://b.example/sse',
        oauth: { clientId: 'id' },
        ...script,
      },
    },
  });
  assert.deepEqual(servers, {
    a: { url: '${BASE:-https://a.example}/mcp', headers: { 'X-Key': '${KEY}' } },
    b: {
      url: 'https://b.example/sse',
      imported: {
        'claude-code': { type: 'sse', oauth: { clientId: 'id' }, ...script },
      },
    },
  });
  assert.equal(notes.length, 1);
});

const vscodeConfig = {
  inputs: [
    { type: 'promptString', id: 'api-key', description: 'Perplexity key', password: true },
    { type: 'promptString', id: 'region', default: 'eu' },
    { type: 'promptString', id: 'unused' },
  ],
  servers: {
    perplexity: {
      type: 'stdio',
      command: 'npx',
      args: ['-y', 'server', '--root', '${workspaceFolder}/data', '${input:region}'],
      env: { KEY: '${input:api-key}', HOME_DIR: '${userHome}', B: '${env:B}', C: '${config:x}' },
      envFile: '${workspaceFolder}/.env',
      dev: { watch: 'src' },
    },
    remote: {
      type: 'http',
      url: 'https://r.example/mcp',
      headers: { A: 'Bearer ${input:api-key}' },
    },
  },
};

test('VS Code: inputs become variables with a note, editor variables become paths', () => {
  const { servers, notes } = read('vscode', vscodeConfig);
  const [apiKey, region] = vscodeConfig.inputs;
  assert.deepEqual(servers, {
    perplexity: {
      command: 'npx',
      args: ['-y', 'server', '--root', '/people/ann/shop/data', '${REGION}'],
      env: { KEY: '${API_KEY}', HOME_DIR: '/people/ann', B: '${B}', C: '$${config:x}' },
      envFile: '/people/ann/shop/.env',
      imported: { vscode: { dev: { watch: 'src' }, inputs: [region, apiKey] } },
    },
    remote: {
      url: 'https://r.example/mcp',
      headers: { A: 'Bearer ${API_KEY}' },
      imported: { vscode: { inputs: [apiKey] } },
    },
  });
  assert.ok(notes.some((note) => /^set API_KEY .*\(Perplexity key\)$/.test(note)));
  assert.ok(notes.some((note) => /^set REGION .*proposed "eu"$/.test(note)));
  assert.ok(!notes.some((note) => note.includes('UNUSED')));
});

test('Codex: variables by name, headers, switches and times', () => {
  const { servers } = read('codex', {
    model: 'x',
    mcp_servers: {
      docs: {
        command: 'docs-server',
        args: ['--price', '$5', '${x}'],
        env: { MODE: 'fast' },
        env_vars: ['TOKEN', { name: 'REGION', source: 'local' }, 'not a name'],
        cwd: '/srv',
        startup_timeout_sec: 20,
        tool_timeout_sec: 90.5,
        enabled: false,
        enabled_tools: ['search'],
      },
      web: {
        url: 'https://web.example/mcp',
        bearer_token_env_var: 'WEB_TOKEN',
        http_headers: { 'X-Plain': 'a' },
        env_http_headers: { 'X-Key': 'WEB_KEY' },
        required: true,
      },
    },
  });
  assert.deepEqual(servers, {
    docs: {
      command: 'docs-server',
      args: ['--price', '$5', '$${x}'],
      cwd: '/srv',
      env: { TOKEN: '${TOKEN:-}', REGION: '${REGION:-}', MODE: 'fast' },
      enabled: false,
      start: { timeoutMs: 20_000 },
      limits: { callTimeoutMs: 90_500 },
      imported: { codex: { enabled_tools: ['search'] } },
    },
    web: {
      url: 'https://web.example/mcp',
      headers: { Authorization: 'Bearer ${WEB_TOKEN}', 'X-Plain': 'a', 'X-Key': '${WEB_KEY}' },
      imported: { codex: { required: true } },
    },
  });
});

/** Configurations that must come back as they were, unknown keys included. */
const roundTrips: Record<ClientName, Record<string, unknown>> = {
  'claude-desktop': {
    a: {
      command: 'npx',
      args: ['-y', 'x', '$5', '${literal}'],
      env: { A: 'b' },
      extra: { deep: [1] },
    },
    b: {
      command: 'npx',
      args: ['-y', 'mcp-remote@1', 'https://x.example/mcp', '--header', 'A: b', '--allow-http'],
    },
  },
  'claude-code': {
    a: { command: 'x', args: ['${A:-b}', '$$'], env: { A: '${A}' }, timeout: 3 },
    b: {
      type: 'sse',
      url: 'https://x.example/sse',
      headers: { A: 'B ${C}' },
      oauth: { clientId: 'i' },
    },
    c: { type: 'http', url: 'https://x.example/mcp' },
  },
  vscode: {
    a: {
      type: 'stdio',
      command: 'x',
      args: ['${input:api-key}'],
      env: { A: '${env:A}' },
      dev: { watch: 'x' },
    },
    b: { type: 'http', url: 'https://x.example/mcp', headers: { A: '${input:api-key}' } },
  },
  cursor: {
    a: { command: 'x', args: ['${env:A}'], envFile: '.env' },
    b: { url: 'https://x.example/mcp', auth: { CLIENT_ID: 'i', scopes: ['a'] } },
  },
  codex: {
    a: {
      command: 'x',
      args: ['$5'],
      env_vars: ['T'],
      env: { A: 'b' },
      tools: { t: { approval_mode: 'ask' } },
    },
    b: {
      url: 'https://x.example/mcp',
      bearer_token_env_var: 'T',
      env_http_headers: { K: 'V' },
      startup_timeout_sec: 12,
      tool_timeout_sec: 60,
      required: true,
    },
  },
};
for (const name of clientNames) {
  test(`${name}: what is imported is exported as it was`, () => {
    const client = clients[name];
    const written = roundTrips[name];
    const inputs = [{ id: 'api-key', type: 'promptString' }];
    const { servers } = read(name, { [client.serversKey]: written, inputs });
    const fleet = fleetOf({ servers });
    const back = fleet.servers.map((server) => [server.name, client.exportServer(server).entry]);
    const plain: unknown = JSON.parse(JSON.stringify(Object.fromEntries(back)));
    const withArgs = Object.entries(written).map(([key, entry]) => [key, { ...(entry as object) }]);
    assert.deepEqual(plain, Object.fromEntries(withArgs));
  });
}

test('broken and hostile configurations are read without a throw and without effect', () => {
  const hostile: unknown[] = [
    null,
    7,
    [],
    { mcpServers: [], servers: 'x', mcp_servers: 3 },
    JSON.parse('{"mcpServers":{"__proto__":{"command":"x","env":{"__proto__":"y"}}}}'),
    {
      mcpServers: {
        a: { command: {}, args: 'x' },
        b: { command: 'x', args: [{}], env: { A: [] } },
      },
    },
    { servers: { a: null, b: [] }, inputs: [null, 7, { id: 3 }] },
    { mcp_servers: { a: { command: 'x', env_vars: [3, {}], http_headers: 'x' } } },
  ];
  for (const config of hostile) {
    for (const name of clientNames) {
      for (const { entry } of clients[name].read(config, place).servers)
        assert.ok(entry.command ?? entry.url);
    }
  }
  assert.equal(Reflect.get({}, 'command'), undefined);
});

const names: { wanted: string; taken: string[]; name: string }[] = [
  { wanted: 'files', taken: [], name: 'files' },
  { wanted: 'my server!', taken: [], name: 'my-server' },
  { wanted: 'Files', taken: ['files'], name: 'Files-2' },
  { wanted: 'a', taken: ['a', 'a-2'], name: 'a-3' },
  { wanted: '__proto__', taken: [], name: 'proto__' },
  { wanted: '日本', taken: [], name: 'server' },
  { wanted: '../../etc', taken: [], name: 'etc' },
  { wanted: 'all', taken: [], name: 'all-2' },
  { wanted: 'x'.repeat(60), taken: ['x'.repeat(48)], name: `${'x'.repeat(46)}-2` },
];
for (const { wanted, taken, name } of names) {
  test(`the name ${wanted.slice(0, 12)} beside ${taken.length} others becomes ${name.slice(0, 12)}`, () => {
    assert.equal(freeName(wanted, new Set(taken)), name);
  });
}

const remotes: { command: string; args: string[]; url: string | undefined }[] = [
  { command: 'npx', args: ['mcp-remote', 'https://x'], url: 'https://x' },
  { command: '/usr/bin/npx', args: ['--yes', 'mcp-remote@latest', 'http://x'], url: 'http://x' },
  { command: 'pnpm', args: ['dlx', 'mcp-remote', 'https://x'], url: 'https://x' },
  { command: 'mcp-remote', args: ['https://x'], url: 'https://x' },
  { command: 'npx', args: ['other', 'mcp-remote', 'https://x'], url: undefined },
  { command: 'npx', args: ['mcp-remote-evil', 'https://x'], url: undefined },
  { command: 'npx', args: ['mcp-remote'], url: undefined },
  { command: 'bash', args: ['mcp-remote', 'https://x'], url: undefined },
];
for (const { command, args, url } of remotes) {
  test(`${command} ${args.join(' ')} is ${url ?? 'no bridge'}`, () => {
    assert.equal(readMcpRemote(command, args, {})?.url, url);
  });
}

const detected: { path: string; config: unknown; client: ClientName | undefined }[] = [
  { path: '/x/.mcp.json', config: { mcpServers: {} }, client: 'claude-code' },
  { path: '/x/.cursor/mcp.json', config: { mcpServers: {} }, client: 'cursor' },
  { path: '/x/claude_desktop_config.json', config: { mcpServers: {} }, client: 'claude-desktop' },
  { path: '/x/.vscode/mcp.json', config: { servers: {} }, client: 'vscode' },
  { path: '/x/mcp.json', config: { servers: { a: { type: 'stdio' } } }, client: 'vscode' },
  { path: '/x/mcp.json', config: { servers: {}, inputs: [] }, client: 'vscode' },
  { path: '/x/config.toml', config: { mcp_servers: {}, model: 'x' }, client: 'codex' },
  { path: '/x/ringmaster.json', config: { servers: { a: { command: 'x' } } }, client: undefined },
  { path: '/x/r.json', config: { fleet: 'x', servers: { a: { type: 'x' } } }, client: undefined },
  { path: '/x/r.json', config: {}, client: undefined },
];
for (const { path, config, client } of detected) {
  test(`${path} with ${JSON.stringify(config)} is of ${client ?? 'no client'}`, () => {
    assert.equal(detectClient(config, path)?.name, client);
  });
}

test('an entry that is Ringmaster itself is known by its address or command', () => {
  assert.ok(isGatewayEntry('ringmaster', { url: 'http://127.0.0.1:9000/mcp' }));
  assert.ok(isGatewayEntry('x', { type: 'http', url: 'http://localhost:7464/mcp' }));
  assert.ok(isGatewayEntry('x', { command: 'node', args: ['/a/bin/ringmaster.js', 'connect'] }));
  assert.ok(isGatewayEntry('x', { command: 'ringmaster', args: ['connect'] }));
  assert.ok(!isGatewayEntry('ringmaster', { url: 'https://ringmaster.example/mcp' }));
  assert.ok(!isGatewayEntry('x', { url: 'http://127.0.0.1:9000/mcp' }));
  assert.ok(!isGatewayEntry('x', { command: 'ssh', args: ['connect'] }));
});

test('each client is looked for where its system keeps it', () => {
  const paths = (name: ClientName, platform: 'linux' | 'darwin', environment = {}) =>
    clientFiles(name, { ...place, platform, environment }).map(({ path }) => path);
  assert.deepEqual(paths('claude-desktop', 'darwin'), [
    '/people/ann/Library/Application Support/Claude/claude_desktop_config.json',
  ]);
  assert.deepEqual(paths('claude-desktop', 'linux', { XDG_CONFIG_HOME: '/cfg' }), [
    '/cfg/Claude/claude_desktop_config.json',
  ]);
  assert.deepEqual(paths('vscode', 'linux'), [
    '/people/ann/shop/.vscode/mcp.json',
    '/people/ann/.config/Code/User/mcp.json',
  ]);
  assert.deepEqual(paths('codex', 'linux', { CODEX_HOME: '/cx' })[0], '/cx/config.toml');
});
