import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepExactNumbers, writeExact } from './exact-numbers.ts';
import type { JsonObject } from './messages.ts';

/** What is written after reading, with something else changed on the way. */
function passedOn(params: string): string | undefined {
  const text = `{"jsonrpc":"2.0","id":"1{","params":${params},"method":"m"}`;
  const message = JSON.parse(text) as JsonObject;
  keepExactNumbers(text, message, 'params');
  const { _meta: meta, ...rest } = message['params'] as { readonly _meta?: JsonObject };
  if (meta === undefined) return writeExact({ ...rest, name: 'own' });
  const { gone: _gone, ...kept } = meta;
  return writeExact({ _meta: { ...kept, ours: 2 }, ...rest, name: 'own' });
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
  [
    'a number beyond every double, and one below',
    '{"arguments":[1e400,1e-400],"name":1}',
    '{"arguments":[1e400,1e-400],"name":"own"}',
  ],
  [
    'sixteen digits with a point among them',
    '{"arguments":{"n":70368744177664.18},"name":1}',
    '{"arguments":{"n":70368744177664.18},"name":"own"}',
  ],
  [
    'a long number that is no part of anything',
    '{"unknown":9007199254740993,"name":1}',
    '{"unknown":9007199254740993,"name":"own"}',
  ],
  [
    'long numbers in _meta, which is taken apart',
    '{"_meta":{"a":9007199254740993,"b":[0.1234567890123456789],"gone":1},"name":1}',
    '{"_meta":{"a":9007199254740993,"b":[0.1234567890123456789],"ours":2},"name":"own"}',
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
