import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Credential, lifeOf, signInView, type Tokens, tokenCare } from './sign-in.ts';

const minuteMs = 60_000;
const tokens: Tokens = { accessToken: 'a', scopes: ['read'] };
const hour = { ...tokens, ...lifeOf(60 * minuteMs, 0) };

for (const { title, of, nowMs, care } of [
  { title: 'without tokens there is nothing to do', of: undefined, nowMs: 0, care: 'none' },
  { title: 'tokens without an end are used', of: tokens, nowMs: 1e15, care: 'use' },
  { title: 'fresh ones are used', of: hour, nowMs: 59 * minuteMs - 1, care: 'use' },
  {
    title: 'in their last minute they are renewed',
    of: { ...hour, refreshToken: 'r' },
    nowMs: 59 * minuteMs,
    care: 'renew',
  },
  {
    title: 'those that cannot be renewed are used to the end',
    of: hour,
    nowMs: 60 * minuteMs - 1,
    care: 'use',
  },
  { title: 'and not beyond', of: hour, nowMs: 60 * minuteMs, care: 'none' },
  {
    title: 'short-lived ones are not renewed at every request',
    of: { ...tokens, ...lifeOf(20_000, 0), refreshToken: 'r' },
    nowMs: 14_999,
    care: 'use',
  },
] as const)
  test(`tokens: ${title}`, () => assert.equal(tokenCare(of, nowMs), care));

const credential: Credential = {
  ...{ server: 's', url: 'https://s/mcp', issuer: 'https://i', principal: 'local' },
  ...{ metadata: {}, resource: 'https://s/mcp', client: { client_id: 'c', client_secret: 'x' } },
  askedScopes: ['read'],
  tokens: { ...hour, accessToken: 'secret-access', refreshToken: 'secret-refresh' },
};
const facts = { credential, trouble: undefined, isUnderWay: false, nowMs: 0 };

for (const { title, of, state } of [
  { title: 'signed in', of: facts, state: 'signedIn' },
  { title: 'a person is at it', of: { ...facts, isUnderWay: true }, state: 'underWay' },
  {
    title: 'tokens were dropped',
    of: { ...facts, credential: undefined, trouble: 'it ended' },
    state: 'needed',
  },
  {
    title: 'ended, and not to be renewed',
    of: { ...facts, credential: { ...credential, tokens: hour }, nowMs: 1e12 },
    state: 'expired',
  },
] as const)
  test(`view: ${title}`, () => {
    const view = signInView(of);
    assert.equal(view?.state, state);
    assert.doesNotMatch(JSON.stringify(view), /secret|"x"/);
  });

test('a server that never asked for a sign-in has no view', () => {
  assert.equal(signInView({ ...facts, credential: undefined }), undefined);
});
