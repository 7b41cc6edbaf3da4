import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetOf } from '../fleet/testing/fleet-of.ts';
import { serverRules, viewRules } from './rules.ts';

function rulesOf(settings: object) {
  const [spec] = fleetOf({ servers: { s: { command: 'x', show: settings } } }).servers;
  if (spec === undefined) throw new Error('the fleet has one server');
  return serverRules(spec, 'auto');
}

for (const [settings, name, hiddenBy] of [
  [{}, 'read', undefined],
  [{ deny: ['write_*'] }, 'write_file', 'servers.s.show.tools.deny "write_*"'],
  [{ deny: ['write_*'] }, 'read_file', undefined],
  [{ allow: ['read_*'] }, 'write_file', 'servers.s.show.tools.allow'],
  [{ allow: ['read_*'], deny: ['*_all'] }, 'read_all', 'servers.s.show.tools.deny "*_all"'],
] as const) {
  test(`with tools ${JSON.stringify(settings)}, ${name} is hidden by ${hiddenBy}`, () => {
    assert.equal(rulesOf({ tools: settings }).hiddenBy('tools', name), hiddenBy);
  });
}

const secrets = rulesOf({ resources: { deny: ['file:///secret/*'] } });
for (const [uri, isHidden] of [
  ['file:///public/a', false],
  ['file:///secret/a', true],
  ['file:///%73ecret/a', true],
  ['file:///%2573ecret/a', true],
  ['file:///public/../secret/a', true],
  ['file:///public/%2e%2e/secret/a', true],
  ['file:///public%2F..%2Fsecret/a', true],
  ['file:///public\\..\\secret/a', true],
  ['file:///%25252525252573ecret/a', true],
  ['FILE:///secret/a', true],
  [' file:///secret/a', true],
  ['file:///sec\tret/a', true],
  ['file:///public/.\t./secret/a', true],
  ['file:\\\\\\secret\\a', true],
  ['file:/secret/a', true],
  ['file:////secret//a', true],
  ['file://LOCALHOST/secret/a', true],
  ['file:%2Fsecret/a', true],
  ['file://elsewhere/secret/a', false],
  ['FILE:///public/a', false],
  ['other:///secret/a', false],
  ['file:///public/a..b', false],
  ['file:///public/%E3%81%82', false],
  ['file:///public/%ff', false],
] as const) {
  test(`a rule against file:///secret/ ${isHidden ? 'refuses' : 'lets pass'} ${uri}`, () => {
    assert.equal(secrets.hiddenBy('resources', uri) !== undefined, isHidden);
  });
}

for (const [uri, isHidden] of [
  ['db://tables/users', true],
  ['DB://tables/users', true],
  ['db://views/users', false],
  ['http://intern.example/a', true],
  ['HTTP:\\\\Intern.Example/a', true],
  ['http:intern.example/a', true],
  ['http://extern.example/intern.example', false],
] as const) {
  test(`rules against db://tables and http://intern.example ${isHidden ? 'refuse' : 'let pass'} ${uri}`, () => {
    const rules = rulesOf({ resources: { deny: ['db://tables/*', 'http://intern.example/*'] } });
    assert.equal(rules.hiddenBy('resources', uri) !== undefined, isHidden);
  });
}

test('only what every spelling of a URI allows is allowed', () => {
  const docs = rulesOf({ resources: { allow: ['file:///docs/*'] } });
  assert.equal(docs.hiddenBy('resources', 'file:///docs/a'), undefined);
  for (const uri of ['file:///d%6fcs/a', 'FILE:///docs/a', ' file:///docs/a', 'file:/docs/a']) {
    assert.equal(docs.hiddenBy('resources', uri), 'servers.s.show.resources.allow');
  }
});

test('a renamed tool is not called by its old name, and no other kind is renamed', () => {
  const rules = rulesOf({ tools: { rename: { a: 'b' } } });
  assert.deepEqual(
    ['a', 'b', 'c'].map((plain) => rules.ownName('tools', plain)),
    [undefined, 'a', 'c'],
  );
  assert.equal(rules.plainName('tools', 'a'), 'b');
  assert.equal(rules.plainName('prompts', 'a'), 'a');
});

test('names of the language itself are names like any other', () => {
  const rules = rulesOf({ tools: { rename: { constructor: 'build' } } });
  assert.equal(rules.plainName('tools', 'constructor'), 'build');
  assert.equal(rules.plainName('tools', 'toString'), 'toString');
  assert.equal(rules.description('tools', 'valueOf'), undefined);
});

test('a view shows what its servers and patterns say', () => {
  const { views } = fleetOf({
    servers: { a: { command: 'x' }, b: { command: 'x' } },
    views: { v: { servers: ['a'], tools: { deny: ['a.write'] } } },
  });
  const entry = views['v'];
  if (entry === undefined) throw new Error('there is the view');
  const rules = viewRules('v', entry);
  assert.equal(rules.hiddenBy('tools', 'a', 'read'), undefined);
  assert.equal(rules.hiddenBy('tools', 'a', 'write'), 'views.v.tools.deny "a.write"');
  assert.equal(rules.hiddenBy('tools', 'b', 'read'), 'views.v.servers');
  assert.equal(rules.includes('b'), false);
});
