import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseScopes, isStepUp, type ScopeFacts } from './auth-scopes.ts';

const nothing: ScopeFacts = {
  ...{ challenged: [], configured: [], supported: undefined, before: [], listed: [] },
};

for (const { title, facts, scopes } of [
  { title: 'nothing known, nothing asked for', facts: {}, scopes: [] },
  {
    title: 'the challenge counts before what the server supports',
    facts: { challenged: ['a'], supported: ['b'] },
    scopes: ['a'],
  },
  { title: 'without a challenge all it supports', facts: { supported: ['b'] }, scopes: ['b'] },
  {
    title: 'those of the fleet file are asked for besides',
    facts: { configured: ['c'], challenged: ['a'], supported: ['b'] },
    scopes: ['c', 'a'],
  },
  {
    title: 'a step up keeps those asked for before',
    facts: { before: ['a'], challenged: ['b'] },
    scopes: ['a', 'b'],
  },
  {
    title: 'offline_access where the authorization server lists it',
    facts: { challenged: ['a'], listed: ['a', 'offline_access'] },
    scopes: ['a', 'offline_access'],
  },
  {
    title: 'offline_access is never the only one',
    facts: { listed: ['offline_access'] },
    scopes: [],
  },
] as const)
  test(`scopes: ${title}`, () => {
    assert.deepEqual(chooseScopes({ ...nothing, ...facts }), scopes);
  });

test('asking again helps only where a scope is new', () => {
  assert.equal(isStepUp(['a', 'b'], ['a']), true);
  assert.equal(isStepUp(['a'], ['a', 'b']), false);
  assert.equal(isStepUp([], []), false);
});
