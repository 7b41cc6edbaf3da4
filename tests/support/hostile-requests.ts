import { type Asked, names, type Operation } from './described-operations.ts';
import { type Dice, makeValue } from './schema-maker.ts';

/** Texts that programs take for something else: numbers, names, paths, patterns, times, other letters. */
const texts = [
  ...['1e400', '99999999999999999999', '9007199254740993', '-0', 'NaN', 'Infinity', '0x10', '1_0'],
  ...[
    'true',
    '[]',
    '{}',
    'null',
    'undefined',
    '\u0000',
    '\ud800',
    '１２３',
    ' 5',
    '5\n',
    '\r\nx: y',
  ],
  ...['../..', '..%2f', '%00', '__proto__', 'constructor', 'hasOwnProperty', '${PORT}', '$$'],
  ...['(?:a+)+$', '[', '(', '\\', '*', '-1h', '1e3s', '25:99', '8640000000000001', '\u202e'],
  ...['💥'.repeat(50), 'ﷺ'.repeat(100), 'a'.repeat(5_000)],
] as const;

/** Values of other types, too large, too many, too deep, or with names that objects have of themselves. */
const values: readonly (() => unknown)[] = [
  ...[null, true, -1, 0.1, 1e308, -1e308, 2 ** 53 + 2, 5e-324, ...texts].map(
    (value) => () => value,
  ),
  () => [],
  () => ['echo', 'echo'],
  () => Array.from({ length: 3_000 }, () => 1),
  () => ({ toString: 1, length: -1 }),
  () => Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`k${at}`, at])),
  () => JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"p":1}}}'),
  () => JSON.parse(`${'['.repeat(300)}1${']'.repeat(300)}`),
];

const headers: readonly (readonly string[])[] = [
  ...[[], [], [], []],
  ['idempotency-key', 'k'.repeat(201)],
  ['idempotency-key', ''],
  ['idempotency-key', 'a', 'idempotency-key', 'b'],
  ['idempotency-key', '\u00e9\u00ff'],
  ['idempotency-key', 'the same for all'],
  ['accept-language', 'ja,'.repeat(2_000)],
  ['accept-language', '*;q=zz, \u00ff, ja;q=9'],
  ['user-agent', 'ringmaster-cli (%zz)'],
  ['user-agent', `ringmaster-cli (${'%41'.repeat(400)})`],
  ['user-agent', '\u00e9'.repeat(500)],
  ['x-http-method-override', 'DELETE', 'traceparent', `zz-${'f'.repeat(60)}`],
  ['cookie', 'a=b; '.repeat(500), 'expect', '100-continue'],
  ['origin', 'null'],
  ['origin', 'http://evil.example'],
  ['origin', ''],
];

const pathParts = ['%ff', '%', '%2e%2e', '%2f', '%00', '..', '%u1234', '%C0%AF', '*'];
const queries = [
  '=x',
  '&&',
  '__proto__=1',
  'constructor=1',
  '?',
  '%',
  'a=%',
  `${'x'.repeat(3_000)}=1`,
];
const bodies = [
  ...['', 'null', '1', '"x"', '[]', '[{}]', '{"a":1', '\ufeff{}', '['.repeat(100_000)],
  ...[`${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`, `{"servers":1${'0'.repeat(400)}}`],
  '{"servers":["echo"],"server":"echo","servers":1}',
];
const mediaTypes = [
  ...['application/json; charset=utf-16', 'APPLICATION/JSON', 'text/plain', '\u00ff'],
  ...['application/json,application/json', 'multipart/form-data; boundary=x'],
];

/** A request as somebody sends it who looks for a weakness; what it asks for may yet be right. */
export function hostile(operation: Operation, dice: Dice): Asked {
  const extra = dice.pick(headers);
  const url = hostileUrl(operation, dice);
  if (operation.method === 'GET') return { operation, url, headers: extra };
  const type = dice.below(12) === 0 ? dice.pick(mediaTypes) : 'application/json';
  return {
    ...{ operation, url, headers: ['content-type', type, ...extra] },
    body: hostileBody(operation, dice),
  };
}

function hostileUrl({ path, parameters, method }: Operation, dice: Dice): string {
  const query: string[] = [];
  let url = path;
  for (const { name, in: where, schema } of parameters) {
    const fit = String(makeValue(schema, { dice, names }));
    const text = encoded(dice.below(2) === 0 ? fit : dice.pick(texts));
    if (where === 'path')
      url = url.replace(
        `{${name}}`,
        () => (dice.below(10) === 0 ? dice.pick(pathParts) : text) || 'a',
      );
    else if (where === 'query' && method === 'GET' && dice.below(2) === 0) {
      const more = [`${name}=${encoded(fit)}`, `${name}[]=${encoded(fit)}`, name];
      query.push(`${name}=${text}`, ...more.filter(() => dice.below(8) === 0));
    }
  }
  if (dice.below(10) === 0) query.push(dice.pick(queries));
  return query.length === 0 ? url : `${url}?${query.join('&')}`;
}

function hostileBody({ body }: Operation, dice: Dice): string | Uint8Array {
  if (dice.below(4) === 0) return dice.pick(bodies);
  let made = makeValue(body ?? { type: 'object' }, { dice, names });
  for (let times = dice.below(3); times > 0; times -= 1) made = withOneReplaced(made, dice);
  const text = JSON.stringify(made) ?? 'null';
  // No UTF-8.
  return dice.below(20) === 0 ? Buffer.from(text, 'utf16le') : text;
}

/** Anything in the value, itself included, becomes something else. */
function withOneReplaced(value: unknown, dice: Dice): unknown {
  const top = { value };
  const places: (() => void)[] = [];
  const visit = (holder: object, key: string): void => {
    const below: unknown = Reflect.get(holder, key);
    places.push(() => Reflect.set(holder, key, dice.pick(values)()));
    if (typeof below === 'object' && below !== null)
      for (const name of Object.keys(below)) visit(below, name);
  };
  visit(top, 'value');
  dice.pick(places)();
  return top.value;
}

function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '?'));
}
