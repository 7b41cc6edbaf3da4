import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillRoute } from '../../operations/fill-route.ts';
import { fleetNameFor } from './commands/init.ts';
import { wantsColour } from './terminal.ts';

for (const row of [
  { env: {}, isTerminal: true, colours: true },
  { env: {}, isTerminal: false, colours: false },
  { env: { NO_COLOR: '1' }, isTerminal: true, colours: false },
  { env: { NO_COLOR: '' }, isTerminal: true, colours: true },
  { env: { FORCE_COLOR: '1' }, isTerminal: false, colours: true },
  { env: { FORCE_COLOR: '1', NO_COLOR: '1' }, isTerminal: true, colours: false },
  { env: { TERM: 'dumb' }, isTerminal: true, colours: false },
]) {
  test(`${JSON.stringify(row.env)}, terminal ${row.isTerminal} → colours ${row.colours}`, () => {
    assert.equal(wantsColour(row.env, row.isTerminal), row.colours);
  });
}

test('a route takes its path from the input, GET the rest as a query, POST as JSON', () => {
  const path = '/servers/{server}/logs';
  assert.deepEqual(
    fillRoute(
      { method: 'GET', path, effect: 'reads' },
      { server: 'a b/c', lines: 5, cursor: undefined },
    ),
    { path: '/api/servers/a%20b%2Fc/logs?lines=5', body: undefined },
  );
  assert.deepEqual(
    fillRoute({ method: 'POST', path: '/tools/call', effect: 'changes' }, { server: 'a' }),
    { path: '/api/tools/call', body: '{"server":"a"}' },
  );
});

for (const [folder, name] of [
  ['my project', 'my-project'],
  ['日本語', 'default'],
  ['.hidden-', 'hidden'],
  ['', 'default'],
] as const) {
  test(`a fleet in the folder "${folder}" is called ${name}`, () => {
    assert.equal(fleetNameFor(folder), name);
  });
}
