import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readChallenge, scopesOf } from './auth-challenge.ts';

const where = 'https://a.example/.well-known/oauth-protected-resource';

for (const { title, header, challenge } of [
  { title: 'no header is an empty challenge', header: undefined, challenge: { scopes: [] } },
  {
    title: 'all three parameters are read',
    header: `Bearer resource_metadata="${where}", scope="a b", error="insufficient_scope"`,
    challenge: { resourceMetadata: where, scopes: ['a', 'b'], error: 'insufficient_scope' },
  },
  {
    title: 'values need no quotes, names and scheme any case',
    header: 'bearer Error=invalid_token,SCOPE=a',
    challenge: { scopes: ['a'], error: 'invalid_token' },
  },
  {
    title: 'of several challenges only that of Bearer counts',
    header: 'Basic realm="scope=x", Bearer scope="b", Digest scope="c", error="d"',
    challenge: { scopes: ['b'] },
  },
  {
    title: 'quotes within quotes do not end a value',
    header: String.raw`Bearer error="a\"b, scope=c", scope="d"`,
    challenge: { scopes: ['d'], error: 'a"b, scope=c' },
  },
  { title: 'other schemes say nothing', header: 'Basic scope="a"', challenge: { scopes: [] } },
  {
    title: 'the first of two values counts',
    header: 'Bearer scope="a", scope="b"',
    challenge: { scopes: ['a'] },
  },
])
  test(title, () => assert.deepEqual(readChallenge(header), challenge));

test('a header without end is read in bounded time, and as far as its limit', () => {
  const header = `Bearer scope="a", x="${'y'.repeat(1_000_000)}", error="late"`;
  assert.deepEqual(readChallenge(header), { scopes: ['a'] });
});

test('scopes are told apart by any white space, each once', () => {
  assert.deepEqual(scopesOf(' a  b\ta '), ['a', 'b']);
  assert.deepEqual(scopesOf(undefined), []);
});
