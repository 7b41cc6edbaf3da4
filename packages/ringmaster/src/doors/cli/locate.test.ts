import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Problem } from '../../errors.ts';
import { findDataDir, findFleetFile, requireFleetFile } from './locate.ts';
import { loadSpeech } from './messages/index.ts';

const { say } = await loadSpeech('en');

function createPlace(context: { after(clean: () => void): void }) {
  const root = mkdtempSync(join(tmpdir(), 'ringmaster-locate-'));
  context.after(() => rmSync(root, { recursive: true }));
  const [cwd, config, state] = ['here', 'config', 'state'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(cwd);
  mkdirSync(join(config, 'ringmaster'), { recursive: true });
  const env = { HOME: root, XDG_CONFIG_HOME: config, XDG_STATE_HOME: state };
  const write = (folder: string, name: string, text = 'fleet: demo\n') => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return { root, cwd, config, state, write, place: { cwd, env, say } };
}

test('the fleet file here comes before the own one of the user, YAML before TOML', (context) => {
  const { cwd, config, write, place } = createPlace(context);
  assert.equal(findFleetFile({ file: undefined }, place), undefined);
  const own = write(join(config, 'ringmaster'), 'ringmaster.yaml');
  assert.equal(findFleetFile({ file: undefined }, place), own);
  const toml = write(cwd, 'ringmaster.toml');
  assert.equal(findFleetFile({ file: undefined }, place), toml);
  const yaml = write(cwd, 'ringmaster.yaml');
  assert.equal(findFleetFile({ file: undefined }, place), yaml);
});

test('a file that is named is taken, or missed by its name', (context) => {
  const { cwd, write, place } = createPlace(context);
  const named = write(cwd, '.mcp.json', '{}');
  assert.equal(findFleetFile({ file: '.mcp.json' }, place), named);
  assert.throws(
    () => findFleetFile({ file: 'other.yaml' }, place),
    (error) => error instanceof Problem && error.message.includes(join(cwd, 'other.yaml')),
  );
});

test('without any fleet file the message says where one was looked for', (context) => {
  const { cwd, config, place } = createPlace(context);
  assert.throws(
    () => requireFleetFile({ file: undefined }, place),
    (error) =>
      error instanceof Problem &&
      error.code === 'fleet_not_found' &&
      error.message.includes(cwd) &&
      error.message.includes(join(config, 'ringmaster')),
  );
});

test('the data folder carries the name of the fleet, however the file spells it', async (context) => {
  const { cwd, state, write, place } = createPlace(context);
  for (const [name, text, fleet] of [
    ['a.yaml', 'fleet: demo\n', 'demo'],
    ['b.yaml', '{ fleet: flow, servers: {} }\n', 'flow'],
    ['c.json', '{ "fleet": "jsonc", /* words */ "servers": {} }', 'jsonc'],
    ['.mcp.json', '{ "mcpServers": {} }', 'default'],
  ] as const) {
    const file = write(cwd, name, text);
    const dataDir = await findDataDir({ dataDir: undefined }, file, place);
    assert.equal(dataDir, join(state, 'ringmaster', fleet), name);
  }
});

test('--data-dir needs no fleet file, and a relative XDG folder is ignored', async (context) => {
  const { root, cwd, write, place } = createPlace(context);
  assert.equal(await findDataDir({ dataDir: 'data' }, '', place), join(cwd, 'data'));
  const file = write(cwd, 'ringmaster.yaml');
  const env = { HOME: root, XDG_STATE_HOME: 'relative' };
  const dataDir = await findDataDir({ dataDir: undefined }, file, { ...place, env });
  assert.equal(dataDir, join(root, '.local', 'state', 'ringmaster', 'demo'));
});
