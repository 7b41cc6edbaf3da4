import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Problem } from '../../errors.ts';
import { fleetTemplate } from '../template.ts';
import { parseFleet, readFleet, textHash } from './read-fleet.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringmaster-fleet-'));
});
after(() => rm(folder, { recursive: true }));

/** The lines of the one Problem that reading this text ends with. */
async function faultsOf(name: string, text: string): Promise<string[]> {
  const error: unknown = await parseFleet(text, name, { revision: 1 }).then(
    () => undefined,
    (fault: unknown) => fault,
  );
  assert.ok(error instanceof Problem, 'reading fails with a Problem');
  assert.equal(error.code, 'fleet_invalid');
  return error.message.split('\n');
}

const lines = (...text: string[]) => text.join('\n');

const broken: { name: string; text: string; says: string[] }[] = [
  {
    name: 'a.yaml',
    text: lines(
      'fleet: demo',
      'listen: { port: 99999 }',
      'servers:',
      '  a: { command: x, enabled: yes please }',
    ),
    says: [
      'a.yaml:2:17: listen.port: found 99999, needed a whole number from 0 to 65535',
      'a.yaml:4:29: servers.a.enabled: found "yes please", needed true or false',
    ],
  },
  {
    name: 'a.yaml',
    text: lines('servers:', '  a:', '    command: x', '    stop: { drainMs: soon, graceMs: 99h }'),
    says: [
      'a.yaml:4:22: servers.a.stop.drainMs: found "soon", needed a duration such as 30s, 5m or 1500 (milliseconds)',
      'a.yaml:4:37: servers.a.stop.graceMs: found 356400000 ms, needed 0 to 600000 ms',
    ],
  },
  {
    name: 'a.yaml',
    text: lines('servers:', '  a:', '    command: x', '    env:', '      TOKEN: [hush]'),
    says: ['a.yaml:5:14: servers.a.env.TOKEN: found a list, needed text'],
  },
  {
    name: 'a.yaml',
    text: lines(
      'servers:',
      '  a:',
      '    command: x',
      '    port: hush',
      '    restart: { policy: allways }',
    ),
    says: [
      'a.yaml:4:11: servers.a.port: found "hush", needed a whole number from 1 to 65535, or "auto"',
      'a.yaml:5:24: servers.a.restart.policy: found "allways", needed "always", "on-failure" or "never"',
    ],
  },
  {
    name: 'a.yaml',
    text: lines('servers:', '\ta: {}'),
    says: ['a.yaml:2:1: found a tab as indentation, needed spaces'],
  },
  {
    name: 'a.yaml',
    text: lines('servers: {}', 'fleet: a', 'fleet: b'),
    says: ['a.yaml:3:1: found this key a second time, needed each key once'],
  },
  {
    name: 'a.yaml',
    text: 'x: !!js/function "y"',
    says: ['a.yaml:1:4: found an unknown tag, needed a plain value'],
  },
  {
    name: 'a.yaml',
    text: lines('servers: {}', '---', 'servers: {}'),
    says: ['a.yaml:2:1: found a second document after ---, needed one document'],
  },
  { name: 'a.yaml', text: '', says: ['a.yaml:1:1: the file is empty, needed at least one server'] },
  {
    name: 'a.yaml',
    text: '- a',
    says: ['a.yaml:1:1: found no section, needed keys such as servers'],
  },
  {
    name: 'a.yaml',
    text: lines('\uFEFFservers:', '  a: { url: nowhere }'),
    says: [
      'a.yaml:2:13: servers.a.url: found "nowhere", needed an address that begins with http:// or https://',
    ],
  },
  {
    name: 'a.json',
    text: lines(
      '{',
      '  // a comment',
      '  "servers": { "a": { "command": "x", "port": 70000 }, }',
      '}',
    ),
    says: [
      'a.json:3:47: servers.a.port: found 70000, needed a whole number from 1 to 65535, or "auto"',
    ],
  },
  {
    name: 'a.json',
    text: lines(
      '{',
      '  "servers": {',
      '    "a": { "command": "x" },',
      '    "a": { "command": "y" }',
      '}',
    ),
    says: [
      'a.json:4:5: found this key a second time, needed each key once',
      'a.json:5:2: found the end, needed a "}"',
    ],
  },
  {
    name: 'a.json',
    text: '{ "servers": { "a": { "command": "x" ',
    says: ['a.json:1:38: found the end, needed a "}"'],
  },
  {
    name: 'alias.yaml',
    text: lines('servers:', '  a:', '    command: x', '    env: { TOKEN: *hush }'),
    says: [
      'alias.yaml:4:19: found an alias whose anchor is not there, needed the anchor before it; text that begins with * stands in quotes',
    ],
  },
  {
    name: 'dollar.yaml',
    text: lines('servers:', '  a:', '    command: x', '    args: ["${open", "$5", "$${fine"]'),
    says: [
      'dollar.yaml:4:12: servers.a.args[0]: found a ${ that begins no variable, needed ${NAME}, ${NAME:-default}, or $$ for a plain $',
    ],
  },
  {
    name: '.mcp.json',
    text: '{ "mcpServers": [] }',
    says: ['.mcp.json:1:17: mcpServers: found a list, needed a section of names and servers'],
  },
  {
    name: 'a.toml',
    text: lines('[servers.a]', 'command = "x"', '', '[servers.a.stop]', 'graceMs = "soon"'),
    says: [
      'a.toml:5:11: servers.a.stop.graceMs: found "soon", needed a duration such as 30s, 5m or 1500 (milliseconds)',
    ],
  },
  { name: 'a.toml', text: lines('a = 1', 'b = = 2'), says: ['a.toml:2:5: invalid value'] },
  {
    name: '.mcp.json',
    text: lines('{ "mcpServers": {', '  "a": { "command": "" }', '} }'),
    says: ['.mcp.json:2:21: mcpServers.a.command: found "", needed text that is not empty'],
  },
];
for (const { name, text, says } of broken) {
  test(`${name} ${JSON.stringify(text.slice(0, 70))} is told: ${says[0]}`, async () => {
    assert.deepEqual(await faultsOf(name, text), says);
  });
}

test('an unknown key is told with its place, the known keys and the nearest one', async () => {
  const text = lines('servers:', '  files:', '    comand: npx', 'serverz: {}');
  const [first, second, ...rest] = await faultsOf('a.yaml', text);
  assert.match(
    first ?? '',
    /^a\.yaml:3:5: servers\.files\.comand: unknown key, needed one of kind, command, .*; did you mean "command"\?$/,
  );
  assert.match(second ?? '', /^a\.yaml:4:1: serverz: unknown key, .*; did you mean "servers"\?$/);
  assert.deepEqual(rest, []);
});

test('a text of a certain form is told with that form, and one that is missing as text', async () => {
  const text = lines(
    'servers: { a: { command: a } }',
    'schedules:',
    '  often: { cron: often, run: a.b }',
    '  none: { run: a.b }',
  );
  assert.deepEqual(await faultsOf('a.yaml', text), [
    'a.yaml:3:18: schedules.often.cron: found "often", needed five cron fields such as "30 2 * * *", or @hourly, @daily, @weekly',
    'a.yaml:4:3: schedules.none.cron: found nothing, needed text',
  ]);
});

test('no message ever contains a value of env, headers, args or url', async () => {
  const text = lines(
    'servers:',
    '  a: { command: [hush-1], args: hush-2, env: hush-3, headers: { A: { b: hush-4 } } }',
    '  b: { url: hush-5, env: { A: [hush-6] } }',
  );
  const message = (await faultsOf('a.yaml', text)).join('\n');
  assert.ok(message.includes('servers.a.args'));
  assert.ok(!message.includes('hush'));
});

test('the same fleet reads the same from YAML, TOML and JSON', async () => {
  const yaml = lines(
    'fleet: x',
    'servers:',
    '  a: { command: node, args: [1], stop: { graceMs: 2s } }',
  );
  const toml = lines(
    'fleet = "x"',
    '[servers.a]',
    'command = "node"',
    'args = [1]',
    'stop.graceMs = "2s"',
  );
  const json =
    '{"fleet":"x","servers":{"a":{"command":"node","args":[1],"stop":{"graceMs":2000}}}}';
  const read = async (name: string, text: string) =>
    (await parseFleet(text, name, { revision: 1 })).fleet;
  const expected = await read('a.yaml', yaml);
  assert.deepEqual(await read('a.toml', toml), expected);
  assert.deepEqual(await read('a.json', json), expected);
  assert.deepEqual(await read('ringmaster', json), expected);
});

test('numbers in env and args stay as they were written', async () => {
  const yaml = lines(
    'servers:',
    '  a: { command: x, args: [1.10, 007], env: { V: 3.10, ID: 12345678901234567890 } }',
  );
  const json = '{"servers":{"a":{"command":"x","args":[1.10],"env":{"ID":12345678901234567890}}}}';
  const [first] = (await parseFleet(yaml, 'a.yaml', { revision: 1 })).fleet.servers;
  assert.deepEqual(first?.args, ['1.10', '007']);
  assert.deepEqual(first?.env, { V: '3.10', ID: '12345678901234567890' });
  const [second] = (await parseFleet(json, 'a.json', { revision: 1 })).fleet.servers;
  assert.deepEqual(second?.args, ['1.10']);
  assert.equal(second?.env['ID'], '12345678901234567890');
});

test('anchors and merge keys share settings; a thousand-fold alias is refused', async () => {
  const text = lines(
    'servers:',
    '  a: &base { command: node, stop: { graceMs: 1s } }',
    '  b: { <<: *base, args: [b] }',
  );
  const { fleet } = await parseFleet(text, 'a.yaml', { revision: 1 });
  assert.equal(fleet.servers[1]?.stop.graceMs, 1_000);
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
  for (const [at, letter] of ['b', 'c', 'd', 'e', 'f'].entries()) {
    const last = String.fromCharCode(97 + at);
    bomb.push(`${letter}: &${letter} [${Array(10).fill(`*${last}`).join(',')}]`);
  }
  assert.match((await faultsOf('a.yaml', bomb.join('\n'))).join(), /alias/i);
});

test('nesting that no person writes is a fault, not a crash', async () => {
  for (const name of ['a.json', 'a.yaml']) {
    assert.ok((await faultsOf(name, '{"a":'.repeat(100_000))).length > 0);
  }
});

test('empty sections count as left out', async () => {
  const text = lines('servers:', '  a:', '    command: node', '    env:', 'profiles:');
  assert.equal((await parseFleet(text, 'a.yaml', { revision: 1 })).fleet.servers.length, 1);
});

test('the text of ringmaster init is a valid fleet of that name', async () => {
  for (const name of ['demo', '2024', 'true', 'a.b-c']) {
    const { fleet } = await parseFleet(fleetTemplate(name), 'ringmaster.yaml', { revision: 1 });
    assert.equal(fleet.name, name);
  }
  const uncommented = fleetTemplate('x').replaceAll(/^( *)# (?=( *)(\w+:|- ))/gm, '$1');
  const { fleet } = await parseFleet(uncommented, 'ringmaster.yaml', { revision: 1 });
  assert.deepEqual(
    fleet.servers.map(({ name, kind }) => `${name} ${kind}`),
    ['files stdio', 'search remote', 'api service'],
  );
});

test("a client's own configuration is a fleet; keys of the client are noted, not refused", async () => {
  const text = JSON.stringify({
    mcpServers: {
      files: { command: 'npx', args: ['-y', 'x'], alwaysAllow: ['read'] },
      web: { type: 'streamable-http', url: 'https://example.com/mcp', headers: { A: '${TOKEN}' } },
      ringmaster: { type: 'http', url: 'http://127.0.0.1:7464/mcp' },
    },
    other: 1,
  });
  const { fleet, notes } = await parseFleet(text, '/x/.mcp.json', { revision: 1 });
  assert.deepEqual(
    fleet.servers.map(({ name, kind }) => `${name} ${kind}`),
    ['files stdio', 'web remote'],
  );
  assert.deepEqual(notes, ['files: not used here: alwaysAllow']);
});

test('a file is read with its text and hash, and the port of the command line wins', async () => {
  const path = join(folder, 'ringmaster.yaml');
  const text = 'servers: { a: { command: node } }\n';
  await writeFile(path, text);
  const read = await readFleet(path, { revision: 3, overrides: { port: 0 } });
  assert.equal(read.text, text);
  assert.equal(read.hash, textHash(text));
  assert.equal(read.fleet.listen.port, 0);
  assert.equal(read.fleet.revision, 3);
  assert.equal(read.fleet.baseDir, folder);
});

test('a file that is missing, a folder, too large or no text is told as such', async () => {
  const code = (path: string) =>
    readFleet(path, { revision: 1 }).then(
      () => 'read',
      (error: unknown) => (error instanceof Problem ? `${error.code}: ${error.message}` : error),
    );
  assert.match(String(await code(join(folder, 'no.yaml'))), /^fleet_not_found: There is no file/);
  assert.match(String(await code(folder)), /^file_unreadable: .* is a folder/);
  const large = join(folder, 'large.yaml');
  await writeFile(large, Buffer.alloc(5_000_001, 35));
  assert.match(
    String(await code(large)),
    /^file_unreadable: .* 5000001 bytes, needed at most 5000000/,
  );
  const binary = join(folder, 'binary.yaml');
  await writeFile(binary, Buffer.from([0x61, 0xff, 0xfe]));
  assert.match(String(await code(binary)), /^file_unreadable: .* no UTF-8/);
});

test('a profile that the file does not define is refused by name', async () => {
  const text = 'servers: { a: { command: x } }\nprofiles: { basic: [a] }\n';
  const read = (profile: string) =>
    parseFleet(text, 'a.yaml', { revision: 1, overrides: { profile } });
  assert.equal((await read('basic')).fleet.servers.length, 1);
  await assert.rejects(read('full'), /a\.yaml has no profile "full", needed one of basic/);
});

test('a fleet file whose entries have a key type is no configuration of VS Code', async () => {
  const text = lines('servers:', '  a: { type: stdio, command: x }');
  const [first] = await faultsOf('ringmaster.yaml', text);
  assert.match(first ?? '', /^ringmaster\.yaml:2:8: servers\.a\.type: unknown key.*"kind"\?$/);
});

test('faults of form and broken rules are told together', async () => {
  const text = lines(
    'listen: { host: 0.0.0.0, port: x }',
    'servers:',
    '  a: { comand: x }',
    '  b b: { command: x }',
    '  c: { command: x, dependsOn: [a, aa] }',
    'profiles: { p: [nobody] }',
  );
  const places = (await faultsOf('a.yaml', text)).map((line) =>
    line.split(': ').slice(0, 2).join(' '),
  );
  assert.deepEqual(places, [
    'a.yaml:1:32 listen.port',
    'a.yaml:3:8 servers.a.comand',
    'a.yaml:4:3 servers.b b',
    'a.yaml:5:35 servers.c.dependsOn[1]',
    'a.yaml:6:17 profiles.p[0]',
  ]);
});
