import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FleetName, type FleetSyntax, scanFleetName, syntaxOf } from './fleet-name.ts';

const named = (name: string): FleetName => ({ kind: 'named', name });
const unnamed: FleetName = { kind: 'unnamed' };
const unsure: FleetName = { kind: 'unsure' };

const rows: readonly (readonly [FleetSyntax, string, FleetName])[] = [
  ['yaml', 'fleet: demo\nservers: {}\n', named('demo')],
  ['yaml', '\ufeff# words\r\n"fleet": \'demo\'  # why\r\n', named('demo')],
  ['yaml', 'servers:\n  a:\n    env: { fleet: other }\n  fleet: { command: x }\n', unnamed],
  ['yaml', 'servers: {}\n  fleet: nested\n', unnamed],
  ['yaml', '{ fleet: demo, servers: {} }\n', unsure],
  ['yaml', 'fleet: *name\n', unsure],
  ['yaml', 'fleet:\n  demo\n', unsure],
  ['yaml', '', unnamed],
  ['toml', 'fleet = "demo"\n[servers.a]\n', named('demo')],
  ['toml', '[servers.a.env]\nfleet = "other"\n', unnamed],
  ['toml', 'fleet = """demo"""\n', unsure],
  ['json', '{ "servers": { "a": { "env": { "fleet": "x" } } }, "fleet": "demo" }', named('demo')],
  ['json', '{ "mcpServers": {} }', unnamed],
  ['json', '{ "fleet": "demo", /* why */ }', unsure],
  ['json', '[]', unnamed],
];

for (const [syntax, text, expected] of rows) {
  test(`${syntax} ${JSON.stringify(text)} is ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(scanFleetName(text, syntax), expected);
  });
}

test('the syntax of a fleet file follows its name', () => {
  assert.deepEqual(
    ['ringmaster.yaml', 'a.yml', 'a.toml', '.mcp.json', 'a.jsonc', 'plain'].map(syntaxOf),
    ['yaml', 'yaml', 'toml', 'json', 'json', 'yaml'],
  );
});
