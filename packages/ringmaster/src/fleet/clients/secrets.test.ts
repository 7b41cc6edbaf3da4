import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandText } from '../expand.ts';
import type { ServerEntryInput } from '../schema.ts';
import { looksSecret, moveSecrets, shownAddress } from './secrets.ts';

const rows: { key: string; value: string; secret: boolean }[] = [
  { key: 'GITHUB_TOKEN', value: 'whatever', secret: true },
  { key: 'apiKey', value: 'abc', secret: true },
  { key: 'DB_PASSWORD', value: 'x', secret: true },
  { key: '--api-key', value: 'x', secret: true },
  { key: 'X', value: `sk-${'a'.repeat(20)}`, secret: true },
  { key: 'X', value: `ghp_${'a1'.repeat(18)}`, secret: true },
  { key: 'X', value: 'xoxb-123456789012-abc', secret: true },
  { key: 'X', value: 'AKIAABCDEFGHIJKLMNOP', secret: true },
  { key: 'X', value: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc', secret: true },
  { key: 'DATABASE', value: 'postgres://ann:hush@db/x', secret: true },
  { key: 'X', value: 'q8Zt3LmV0pR7xKc2Wn5YbJ4hD6fGs9Ae', secret: true },
  { key: 'TOKEN_LIMIT', value: '4096', secret: false },
  { key: 'KEYBOARD', value: 'de', secret: false },
  { key: 'USE_AUTH', value: 'true', secret: false },
  { key: 'TOKEN', value: '', secret: false },
  { key: 'SSH_KEY_PATH', value: '/people/ann/.ssh/id', secret: false },
  { key: 'X', value: '@modelcontextprotocol/server-filesystem', secret: false },
  { key: 'X', value: '/very/long/path/to/some/folder/number/12345', secret: false },
  { key: 'URL', value: 'https://example.com/mcp?page=1', secret: false },
  { key: 'URL', value: 'https://example.com/mcp?api_key=x', secret: true },
  { key: 'URL', value: `https://example.com/mcp/sk-${'a'.repeat(20)}/sse`, secret: true },
  { key: 'HEADERS', value: '{"Authorization": "Bearer abcdefgh12"}', secret: true },
  { key: 'CONFIG', value: '{"braveApiKey":"x"}', secret: true },
  { key: 'DB', value: 'Server=db;User=ann;Password=hush;', secret: true },
  { key: 'CONFIG', value: '{"region":"eu","limit":5}', secret: false },
  { key: 'WORDS', value: 'say "basic things": the bearer came', secret: false },
];
for (const { key, value, secret } of rows) {
  test(`${key}=${value.slice(0, 20)} is ${secret ? 'a' : 'no'} secret`, () => {
    assert.equal(looksSecret(key, value), secret);
  });
}

test('secrets are replaced by variables that expand to what was there', () => {
  const entry: ServerEntryInput = {
    command: 'x',
    args: [
      '--token',
      'hush-1',
      '--key=hush-2',
      'postgres://ann:hush-3@db/x',
      '--verbose',
      '${KEPT}',
    ],
    env: { API_KEY: 'hush-4$$5', PLAIN: 'plain', TOKEN: '${TOKEN}' },
    url: 'https://x.example/mcp?api_key=hush-6&page=2',
    headers: { Authorization: 'Bearer hush-7', Accept: 'text/plain' },
    imported: { cursor: { auth: { CLIENT_ID: 'me', CLIENT_SECRET: 'hush-8' } } },
  };
  const { entry: safe, secrets } = moveSecrets('web', entry, new Map());
  assert.ok(!JSON.stringify(safe).includes('hush'));
  assert.equal(secrets.size, 7);
  assert.equal(secrets.get('API_KEY'), 'hush-4$5');
  assert.equal(safe.headers?.['Authorization'], 'Bearer ${AUTHORIZATION}');
  assert.equal(safe.env?.['PLAIN'], 'plain');
  assert.equal(safe.env?.['TOKEN'], '${TOKEN}');
  const expand = (text: unknown) =>
    expandText(String(text), (name) => secrets.get(name) ?? `<${name}>`).text;
  assert.deepEqual(safe.args?.map(expand), [
    '--token',
    'hush-1',
    '--key=hush-2',
    'postgres://ann:hush-3@db/x',
    '--verbose',
    '<KEPT>',
  ]);
  assert.equal(expand(safe.url), entry.url);
  assert.deepEqual(safe.imported?.['cursor']?.['auth'], {
    CLIENT_ID: 'me',
    CLIENT_SECRET: '${CLIENT_SECRET}',
  });
});

const argumentRows: readonly (readonly string[])[] = [
  ['--header', 'Authorization: Bearer hush-hush-1'],
  ['--header', 'X-Api-Key: hush'],
  ['--header=Authorization: Bearer hush-hush-1'],
  ['-e', 'GITHUB_TOKEN=hush'],
  ['--config', '{"braveApiKey":"hush"}'],
  ['https://mcp.example/mcp?key=hush'],
  ['--url', 'https://ann:hush@mcp.example/mcp'],
];
for (const args of argumentRows) {
  test(`the secret in the arguments ${args.join(' ')} is moved, and comes back`, () => {
    const { entry, secrets } = moveSecrets('web', { command: 'x', args: [...args] }, new Map());
    assert.ok(!JSON.stringify(entry).includes('hush'), JSON.stringify(entry.args));
    const expand = (text: unknown) =>
      expandText(String(text), (name) => secrets.get(name) ?? `<${name}>`).text;
    assert.deepEqual(entry.args?.map(expand), args);
  });
}

test('a key as a step of an address is moved, and the address stays readable', () => {
  const key = `sk-ak-${'a1'.repeat(12)}`;
  const { entry, secrets } = moveSecrets(
    'zap',
    { url: `https://x.example/mcp/${key}/sse` },
    new Map(),
  );
  assert.equal(entry.url, 'https://x.example/mcp/${ZAP_URL_KEY}/sse');
  assert.equal(secrets.get('ZAP_URL_KEY'), key);
});

test('a variable that has another value already gets the name of the server in front', () => {
  const entry: ServerEntryInput = { command: 'x', env: { GITHUB_TOKEN: 'mine' } };
  const other = moveSecrets('gh', entry, new Map([['GITHUB_TOKEN', 'of the shell']]));
  assert.deepEqual(other.entry.env, { GITHUB_TOKEN: '${GH_GITHUB_TOKEN}' });
  const same = moveSecrets('gh', entry, new Map([['GITHUB_TOKEN', 'mine']]));
  assert.deepEqual(same.entry.env, { GITHUB_TOKEN: '${GITHUB_TOKEN}' });
});

test('no secret of an address is shown by status', () => {
  const key = `sk-${'a'.repeat(20)}`;
  const rows = {
    'https://api.example/mcp?api_key=hush&page=2': 'https://api.example/mcp?api_key=…&page=2',
    [`https://x.example/mcp/${key}/sse`]: 'https://x.example/mcp/…/sse',
    'https://ann:hush@x.example:8443/mcp': 'https://…@x.example:8443/mcp',
    'http://127.0.0.1:8000/mcp#part': 'http://127.0.0.1:8000/mcp#part',
  };
  for (const [url, shown] of Object.entries(rows)) assert.equal(shownAddress(url), shown);
});
