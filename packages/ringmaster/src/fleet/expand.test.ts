import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { envFileLine, parseEnvFile } from './env-file.ts';
import { expandServer, expandText } from './expand.ts';
import { fleetOf } from './testing/fleet-of.ts';
import { escapeLiteral } from './variables.ts';

const values: Readonly<Record<string, string>> = { A: 'one', EMPTY: '', DOLLAR: '${A}' };
const lookup = (name: string) => (Object.hasOwn(values, name) ? values[name] : undefined);

const rows: { text: string; becomes: string; missing?: string[] }[] = [
  { text: 'plain', becomes: 'plain' },
  { text: '', becomes: '' },
  { text: '${A}-${A}', becomes: 'one-one' },
  { text: '$A and $', becomes: '$A and $' },
  { text: '$${A}', becomes: '${A}' },
  { text: '$$$${A}', becomes: '$${A}' },
  { text: '$$${A}', becomes: '$one' },
  { text: '${EMPTY}', becomes: '' },
  { text: '${EMPTY:-x}', becomes: 'x' },
  { text: '${NO:-x}', becomes: 'x' },
  { text: '${NO:-}', becomes: '' },
  { text: '${NO:-${A}}', becomes: 'one' },
  { text: '${NO:-${ALSO_NO:-deep}}!', becomes: 'deep!' },
  { text: '${A:-${NO}}', becomes: 'one' },
  { text: '${NO:-http://x:1/{a}}', becomes: 'http://x:1/{a}' },
  { text: '${DOLLAR}', becomes: '${A}' },
  { text: '${NO}', becomes: '', missing: ['NO'] },
  { text: '${NO:-${ALSO}}', becomes: '', missing: ['ALSO'] },
  { text: '${input:id}', becomes: '', missing: ['${input:id}'] },
  { text: '${A', becomes: '', missing: ['${A'] },
  { text: '${}', becomes: '', missing: ['${}'] },
  { text: '${toString}', becomes: '', missing: ['toString'] },
];
for (const { text, becomes, missing = [] } of rows) {
  const also = missing.length === 0 ? '' : ` and misses ${missing.join(', ')}`;
  test(`${JSON.stringify(text)} becomes ${JSON.stringify(becomes)}${also}`, () => {
    assert.deepEqual(expandText(text, lookup), { text: becomes, missing });
  });
}

test('any text, escaped, expands to itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-', 'x') }), (text) => {
      assert.deepEqual(expandText(escapeLiteral(text), lookup), { text, missing: [] });
    }),
  );
});

test('an unset variable is a problem that names server, field and variable, and no value', () => {
  const [spec] = fleetOf({
    servers: {
      web: {
        command: 'node',
        args: ['${PORT}', '${NO_ARG}'],
        env: { TOKEN: '${SECRET}-${NO_TOKEN}' },
        url: 'http://127.0.0.1:${PORT}/',
        port: 'auto',
      },
    },
  }).servers;
  assert.ok(spec);
  const { launch, problems } = expandServer(spec, { port: 81, variables: { SECRET: 'hush' } });
  assert.equal(launch.url, 'http://127.0.0.1:81/');
  assert.equal(launch.args[0], '81');
  assert.deepEqual(problems, [
    'Server "web": args[1] needs the variable NO_ARG, which is not set and has no default',
    'Server "web": env.TOKEN needs the variable NO_TOKEN, which is not set and has no default',
  ]);
});

test('the env file is part of the environment and visible to variables; env wins over it', () => {
  const [spec] = fleetOf({
    servers: { a: { command: 'node', env: { B: 'own', C: '${A}' }, envFile: 'x.env' } },
  }).servers;
  assert.ok(spec);
  const { launch } = expandServer(spec, {
    port: undefined,
    variables: { A: 'outer' },
    fileEnvironment: { A: 'file', B: 'file' },
  });
  assert.deepEqual(launch.env, { A: 'file', B: 'own', C: 'file' });
});

test('an env file knows comments, export, quotes and escapes', () => {
  const text = [
    '\uFEFF# first',
    '',
    'A=1 # note',
    'export B = two words ',
    "C='$keep #it'",
    'D="a\\n\\"b\\""',
    'E=',
    'F=a#b',
    'not an assignment',
  ].join('\r\n');
  const { values: found, problems } = parseEnvFile(text);
  assert.deepEqual(found, { A: '1', B: 'two words', C: '$keep #it', D: 'a\n"b"', E: '', F: 'a#b' });
  assert.deepEqual(
    problems.map((problem) => problem.line),
    [9],
  );
});

test('any value written to an env file is read back as it was', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      assert.equal(parseEnvFile(envFileLine('NAME', value)).values['NAME'], value);
    }),
  );
});
