import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaceServerTable } from './clients/codex-text.ts';
import { tomlKeys } from './toml-lines.ts';

test('keys are found under their tables; strings, lists and comments over several lines are passed over', () => {
  const text = [
    'a = 1',
    '# [no]',
    'list = [ # open',
    '  "[no.table]",',
    ']',
    '[one."two.three"] # note',
    '  b.c = """',
    '[no]',
    'd = 1',
    '"""',
    "  'e f' = { g = 1 }",
    '[[many]]',
    'h = "]["',
    'i = 2',
  ].join('\n');
  assert.deepEqual(
    tomlKeys(text).map(({ path, line, column, valueColumn }) => [
      path.join('/'),
      line,
      column,
      valueColumn,
    ]),
    [
      ['a', 1, 1, 5],
      ['list', 3, 1, 8],
      ['one/two.three', 6, 1, 1],
      ['one/two.three/b/c', 7, 3, 9],
      ['one/two.three/e f', 11, 3, 11],
      ['many', 12, 1, 1],
      ['many/h', 13, 1, 5],
      ['many/i', 14, 1, 5],
    ],
  );
});

const table = '[mcp_servers.x]\nurl = "new"\n';
const rows: { name: string; text: string; becomes: string | undefined }[] = [
  { name: 'an empty file', text: '', becomes: table },
  { name: 'a file without a last line end', text: 'a = 1', becomes: `a = 1\n\n${table}` },
  {
    name: 'a table at the end',
    text: `a = 1\n\n${table.replace('new', 'old')}`,
    becomes: `a = 1\n\n${table}`,
  },
  {
    name: 'parts that stand apart',
    text: '[mcp_servers.x]\nurl = "old"\n[b]\nc = 1\n[mcp_servers.x.env]\nA = "b"\n',
    becomes: `${table}[b]\nc = 1\n`,
  },
  { name: 'a quoted name', text: '[mcp_servers."x"]\nurl = "old"\n', becomes: table },
  {
    name: 'a longer name',
    text: '[mcp_servers.xy]\nurl = "b"\n',
    becomes: `[mcp_servers.xy]\nurl = "b"\n\n${table}`,
  },
  { name: 'a dotted key', text: 'mcp_servers.x.url = "old"\n', becomes: undefined },
  { name: 'an inline table', text: 'mcp_servers = { x = { url = "old" } }\n', becomes: undefined },
];
for (const { name, text, becomes } of rows) {
  test(`${name}: ${becomes === undefined ? 'is refused' : 'only our table changes'}`, () => {
    assert.equal(replaceServerTable(text, 'x', table), becomes);
  });
}
