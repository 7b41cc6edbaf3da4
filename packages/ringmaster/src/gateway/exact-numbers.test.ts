import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepExactNumbers, writeExact } from './exact-numbers.ts';
import type { JsonObject } from './messages.ts';

/** What is written after reading, with something else changed on the way. */
function passedOn(params: string): string | undefined {
  const text = `{"jsonrpc":"2.0","id":"1{","params":${params},"method":"m"}`;
  const message = JSON.parse(text) as JsonObject;
  keepExactNumbers(text, message, 'params');
  return writeExact({ ...(message['params'] as JsonObject), name: 'own' });
}

for (const [title, params, expected] of [
  [
    'a number beyond 2^53',
    '{"name":"x","arguments":{"n":12345678901234567890}}',
    '{"name":"own","arguments":{"n":12345678901234567890}}',
  ],
  [
    'a decimal of many digits, in a list',
    '{"arguments":[{"n":0.12345678901234567890}],"name":1}',
    '{"arguments":[{"n":0.12345678901234567890}],"name":"own"}',
  ],
  [
    'a long number beside quotes, braces and backslashes in texts',
    '{"arguments":{"t":"\\\\\\"}{,:[","n":-9007199254740993},"name":1}',
    '{"arguments":{"t":"\\\\\\"}{,:[","n":-9007199254740993},"name":"own"}',
  ],
  [
    'a long number over several lines',
    '{"arguments":{\r\n"n":\n9007199254740993\n},"name":1}',
    '{"arguments":{ "n": 9007199254740993 },"name":"own"}',
  ],
  [
    'a name that is written with escapes, and twice',
    '{"arguments":{"n":1},"\\u0061rguments":{"n":9007199254740993},"name":1}',
    '{"arguments":{"n":9007199254740993},"name":"own"}',
  ],
  ['short numbers', '{"arguments":{"n":1.50},"name":1}', '{"arguments":{"n":1.5},"name":"own"}'],
  [
    'digits of a text',
    '{"a":"1234567890123456","arguments":{},"name":1}',
    '{"a":"1234567890123456","arguments":{},"name":"own"}',
  ],
] as const) {
  test(`${title}: what is written means what was read`, () => {
    assert.equal(passedOn(params), expected);
  });
}
