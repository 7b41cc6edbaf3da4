import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAllowedHost, isAllowedOrigin } from './host-check.ts';

const listening = { host: '127.0.0.1', port: 7464 };

for (const [host, isAllowed] of [
  ['127.0.0.1:7464', true],
  ['localhost:7464', true],
  ['LOCALHOST:7464', true],
  ['[::1]:7464', true],
  ['localhost', false],
  ['localhost:80', false],
  ['evil.example:7464', false],
  ['127.0.0.1.evil.example:7464', false],
  ['localhost:7464@evil.example', false],
  ['evil.example/localhost:7464', false],
  ['', false],
  [undefined, false],
] as const) {
  test(`Host ${JSON.stringify(host)} is ${isAllowed ? 'let in' : 'refused'}`, () => {
    assert.equal(isAllowedHost(host, listening), isAllowed);
  });
}

for (const [origin, isAllowed] of [
  [undefined, true],
  ['http://localhost:7464', true],
  ['http://localhost:5173', true],
  ['https://127.0.0.1', true],
  ['http://[::1]:7464', true],
  ['null', false],
  ['', false],
  ['https://evil.example', false],
  ['http://localhost.evil.example', false],
  ['file://', false],
  ['http://localhost:7464/path', false],
] as const) {
  test(`Origin ${JSON.stringify(origin)} is ${isAllowed ? 'let in' : 'refused'}`, () => {
    assert.equal(isAllowedOrigin(origin, listening.host), isAllowed);
  });
}

test('the address we were told to listen on is let in, but no name just because we listen everywhere', () => {
  assert.equal(isAllowedHost('10.1.2.3:80', { host: '10.1.2.3', port: 80 }), true);
  assert.equal(isAllowedHost('0.0.0.0:80', { host: '0.0.0.0', port: 80 }), false);
});
