import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const runner = fileURLToPath(new URL('../run-tests.mjs', import.meta.url));
const head = "import { test } from 'node:test'; import assert from 'node:assert/strict';\n";

/** Runs the runner over a made-up project with these compiled test files. */
function runOver(files: Readonly<Record<string, string>>, ...options: readonly string[]) {
  const root = mkdtempSync(join(tmpdir(), 'rm-runner-'));
  mkdirSync(join(root, 'tests/dist'), { recursive: true });
  writeFileSync(join(root, 'tests/package.json'), '{"type":"module"}');
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(root, `tests/${name}.test.ts`), '');
    if (text !== '') writeFileSync(join(root, `tests/dist/${name}.test.js`), head + text);
  }
  const args = [runner, '--root', root, ...options];
  const result = spawnSync(process.execPath, args, { encoding: 'utf8' });
  rmSync(root, { recursive: true });
  const lastLine = result.stdout.trimEnd().split('\n').at(-1);
  return { status: result.status, lastLine, stdout: result.stdout };
}

for (const row of [
  {
    what: 'one test that passes',
    files: { a: "test('a', () => {});" },
    last: '1 passed, 0 failed',
    status: 0,
  },
  {
    what: 'one of each outcome',
    files: {
      a: "test('a', () => {}); test.skip('b', () => {}); test('c', () => assert.equal(1, 2));",
    },
    last: '1 passed, 1 failed',
    status: 1,
  },
  { what: 'no file at all', files: {}, last: '0 passed, 0 failed', status: 1 },
  { what: 'a file without tests', files: { a: 'void 0;' }, last: '0 passed, 1 failed', status: 1 },
  { what: 'a file that was not compiled', files: { a: '' }, last: '0 passed, 1 failed', status: 1 },
  {
    what: 'a failing subtest, told once',
    files: { a: "test('a', async (t) => { await t.test('b', () => assert.ok(false)); });" },
    last: '0 passed, 1 failed',
    status: 1,
  },
])
  test(`the runner ends with "${row.last}" after ${row.what}`, () => {
    const { status, lastLine, stdout } = runOver(row.files);
    assert.equal(lastLine, row.last, stdout);
    assert.equal(status, row.status);
  });

test('what is skipped is named, with its reason', () => {
  const { stdout } = runOver({
    a: "test('b', { skip: 'no moon' }, () => {}); test('c', () => {});",
  });
  assert.match(stdout, / {2}↷ b: no moon\n1 skipped, see ↷ above\n1 passed, 0 failed\n$/);
});

test('a file that hangs is a failure that names the file', () => {
  const hangs = "test('h', () => new Promise(() => setInterval(() => {}, 1e4)));";
  const { status, stdout } = runOver({ hangs }, '--timeout-ms', '1500');
  assert.match(stdout, /✗ tests\/hangs\.test\.ts: it did not end within 1\.5 s/);
  assert.equal(status, 1);
});

test('a file that ends itself early is a failure', () => {
  const { lastLine, status } = runOver({ a: "test('a', () => process.exit(3));" });
  assert.match(lastLine ?? '', /, 1 failed$/);
  assert.equal(status, 1);
});

test('a failing test is shown with its name and both values', () => {
  const { stdout } = runOver({ a: "test('sums up', () => assert.equal(1 + 1, 3));" });
  assert.match(stdout, /✗ sums up/);
  assert.match(stdout, /2 !== 3/);
});

/** Fails the first time it is run, and passes ever after. */
function failsOnce(name: string): string {
  return `import { existsSync, writeFileSync } from 'node:fs';
    const mark = new URL('${name}-was-here', import.meta.url);
    const isFirst = !existsSync(mark);
    writeFileSync(mark, '');
    test('${name} passes the second time', () => assert.ok(!isFirst, 'the first run of ${name}'));`;
}

test('a file that fails is run once more, alone: what it does then counts, and it is named', () => {
  const { status, stdout } = runOver({
    luck: failsOnce('luck'),
    never: "test('never', () => assert.fail('as ever'));",
    sound: "test('sound', () => {});",
  });
  assert.match(stdout, /✗ luck passes the second time/);
  assert.match(stdout, /\nOnce more, alone: tests\/luck\.test\.ts\n/);
  assert.match(
    stdout,
    /\nunsteady: tests\/luck\.test\.ts failed above, then passed alone\n2 passed, 1 failed\n$/,
  );
  assert.equal(stdout.match(/✗ never/g)?.length, 2);
  assert.equal(status, 1);
});

test('where many files fail, none is run again', () => {
  const names = ['one', 'two', 'three', 'four'];
  const { stdout } = runOver(Object.fromEntries(names.map((name) => [name, failsOnce(name)])));
  assert.doesNotMatch(stdout, /Once more/);
  assert.match(stdout, /\n0 passed, 4 failed\n$/);
});
