import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as catalogues from './catalogues.ts';
import { exportsAreDocumented } from './doc-comments.ts';
import * as documents from './documents.ts';
import { errorsAreSaidInJapanese } from './japanese.ts';
import { mapShowsFolders } from './map.ts';
import * as rooms from './rooms.ts';
import * as shape from './shape.ts';
import { blankComments, blankStrings, importsOf, type Rule, type Source } from './source.ts';

const base = 'packages/ringmaster/src';

function file(path: string, text: string): Source {
  return { path, text };
}

const inPartJapanese = (why: string) => why.replace('Found no', '見つかりません:');

/** Each row plants one fault; `fine` is the nearest thing that is allowed. */
const rows: readonly {
  readonly fault: string;
  readonly rule: Rule;
  readonly planted: readonly Source[];
  readonly fine: readonly Source[];
  readonly says: RegExp;
}[] = [
  {
    fault: 'hands that import the hands of another room',
    rule: rooms.roomsMeetOnlyInDaemon,
    planted: [file(`${base}/gateway/io/a.ts`, "import { x } from '../../fleet/io/b.ts';\n")],
    fine: [
      file(`${base}/daemon.ts`, "import { x } from './fleet/io/b.ts';\n"),
      file(`${base}/fleet/io/c.ts`, "import { x } from './b.ts';\n"),
      file(`${base}/doors/cli/up.ts`, "const { x } = await import('../../fleet/io/b.ts');\n"),
    ],
    says: /gateway\/io\/a\.ts: hands of "gateway" import hands of another room: .*fleet\/io\/b\.ts/,
  },
  {
    fault: 'a type taken from the hands of another room, over several lines',
    rule: rooms.roomsMeetOnlyInDaemon,
    planted: [
      file(`${base}/gateway/io/a.ts`, "import type {\n  X,\n} from '../../fleet/io/b.ts';\n"),
    ],
    fine: [file(`${base}/gateway/io/a.ts`, "import type { X } from '../../fleet/b.ts';\n")],
    says: /another room/,
  },
  {
    fault: 'a door that loads the hands of a room',
    rule: rooms.roomsMeetOnlyInDaemon,
    planted: [file(`${base}/doors/http/a.ts`, "const x = await import('../../fleet/io/b.ts');\n")],
    fine: [file(`${base}/doors/http/a.ts`, "// import('../../fleet/io/b.ts')\n")],
    says: /another room/,
  },
  {
    fault: 'thought that imports hands',
    rule: rooms.roomsMeetOnlyInDaemon,
    planted: [file(`${base}/fleet/a.ts`, "export { x } from './io/b.ts';\n")],
    fine: [file(`${base}/fleet/io/a.ts`, "export { x } from '../b.ts';\n")],
    says: /thought imports hands/,
  },
  {
    fault: 'thought that imports a package',
    rule: rooms.roomsMeetOnlyInDaemon,
    planted: [file(`${base}/fleet/a.ts`, "import { parse } from 'yaml';\n")],
    fine: [file(`${base}/fleet/a.ts`, "import { z } from 'zod';\n")],
    says: /thought imports yaml/,
  },
  {
    fault: 'a circle of three rooms',
    rule: rooms.roomsFormNoCircle,
    planted: [
      file(`${base}/a/x.ts`, "import '../b/x.ts';\n"),
      file(`${base}/b/x.ts`, "import type { X } from '../c/x.ts';\n"),
      file(`${base}/c/x.ts`, "import { x } from '../a/x.ts';\n"),
    ],
    fine: [
      file(`${base}/a/x.ts`, "import '../b/x.ts';\n"),
      file(`${base}/b/x.ts`, "import '../c/x.ts';\n"),
      file(`${base}/a/y.ts`, "import '../c/x.ts';\n"),
    ],
    says: /^circle a → b → c → a/,
  },
  {
    fault: 'a circle of two files of a room',
    rule: rooms.filesFormNoCircle,
    planted: [
      file(`${base}/a/io/x.ts`, "import type { Y } from './y.ts';\n"),
      file(`${base}/a/io/y.ts`, "import { x } from './x.ts';\n"),
    ],
    fine: [
      file(`${base}/a/io/x.ts`, "import type { Y } from './y.ts';\n"),
      file(`${base}/a/io/y.ts`, "import { z } from './z.ts';\n"),
      file(`${base}/a/io/z.ts`, 'export const z = 1;\n'),
    ],
    says: /^circle .*x\.ts → .*y\.ts → .*x\.ts$/,
  },
  {
    fault: 'two decisions of one number',
    rule: documents.decisionsAreNumbered,
    planted: [
      file('docs/decisions/0001-a.md', '# 0001: A\n'),
      file('docs/decisions/0001-b.md', '# 0001: B\n'),
    ],
    fine: [
      file('docs/decisions/0001-a.md', '# 0001: A\n'),
      file('docs/decisions/0002-b.md', '# 0002: B\n'),
    ],
    says: /0001-b\.md: another decision has the number 0001/,
  },
  {
    fault: 'thought that looks at the clock',
    rule: rooms.thoughtIsPure,
    planted: [file(`${base}/fleet/a.ts`, 'const now = Date.now();\n')],
    fine: [file(`${base}/fleet/a.ts`, "// Date.now()\nconst text = 'Date.now()';\n")],
    says: /thought uses Date/,
  },
  {
    fault: 'thought that makes a Date of now',
    rule: rooms.thoughtIsPure,
    planted: [file(`${base}/fleet/a.ts`, 'const now = new Date();\n')],
    fine: [file(`${base}/fleet/a.ts`, 'const day = new Date(Date.UTC(1970, 0)).getUTCDate();\n')],
    says: /thought uses new Date/,
  },
  {
    fault: "thought that goes by the machine's time zone",
    rule: rooms.thoughtIsPure,
    planted: [file(`${base}/fleet/a.ts`, 'const day = new Date(5).getDate();\n')],
    fine: [file(`${base}/fleet/a.ts`, 'const day = new Date(5).getUTCDate();\n')],
    says: /thought uses \.getDate/,
  },
  {
    fault: 'thought that throws dice',
    rule: rooms.thoughtIsPure,
    planted: [file(`${base}/fleet/a.ts`, 'const chance = Math.random();\n')],
    fine: [file(`${base}/fleet/io/a.ts`, 'const chance = Math.random();\n')],
    says: /Math\.random/,
  },
  {
    fault: 'a long file',
    rule: shape.filesAreShort,
    planted: [file('a.ts', 'x;\n'.repeat(301))],
    fine: [file('a.ts', 'x;\n'.repeat(300)), file('a.test.ts', 'x;\n'.repeat(500))],
    says: /301 lines/,
  },
  {
    fault: 'a long function',
    rule: shape.functionsFitAScreen,
    planted: [file('a.ts', `function long() {\n${'  x;\n'.repeat(59)}}\n`)],
    fine: [file('a.ts', `function long() {\n${'  x;\n'.repeat(58)}}\n`)],
    says: /long has 61 lines/,
  },
  {
    fault: 'a wide line',
    rule: shape.linesAreNarrow,
    planted: [file('a.ts', `const ${'x'.repeat(100)} = 1;\n`)],
    fine: [file('a.ts', `const text = '${'x'.repeat(100)}';\n`)],
    says: /a\.ts:1: 111 columns/,
  },
  {
    fault: 'a file called after nothing',
    rule: shape.namesAreWords,
    planted: [file('fleet/string-utils.ts', '')],
    fine: [file('fleet/utilisation.ts', '')],
    says: /"utils" says nothing/,
  },
  {
    fault: 'a name that says nothing',
    rule: shape.namesAreWords,
    planted: [file('a.ts', 'function f(requestCtx: number) {}\n')],
    fine: [file('a.ts', "import { inspect } from 'node:util';\nconst commonPrefix = 1;\n")],
    says: /"requestCtx"/,
  },
  {
    fault: 'a file in camel case',
    rule: shape.filesAreKebabCase,
    planted: [file('fleet/startOrder.ts', '')],
    fine: [file('fleet/start-order.test.ts', '')],
    says: /kebab-case/,
  },
  {
    fault: 'a default export',
    rule: shape.formsAreAllowed,
    planted: [file('a.ts', 'export default 1;\n')],
    fine: [file('a.ts', 'export const x = 1;\n')],
    says: /a\.ts:1: default export/,
  },
  {
    fault: 'an enum',
    rule: shape.formsAreAllowed,
    planted: [file('a.ts', 'export enum State {}\n')],
    fine: [file('a.ts', "z.enum(['a']);\n")],
    says: /enum/,
  },
  {
    fault: 'export *',
    rule: shape.formsAreAllowed,
    planted: [file('a.ts', "export * from './b.ts';\n")],
    fine: [file('a.ts', "export { b } from './b.ts';\n")],
    says: /export \*/,
  },
  {
    fault: 'a class that is no error',
    rule: shape.formsAreAllowed,
    planted: [file('a.ts', 'export class Supervisor {}\n')],
    fine: [file('a.ts', 'class Problem extends Error {}\nclass Late extends Problem {}\n')],
    says: /class/,
  },
  {
    fault: 'a parameter property',
    rule: shape.formsAreAllowed,
    planted: [file('a.ts', 'class A extends Error { constructor(private x: number) {} }\n')],
    fine: [file('a.ts', 'class A extends Error { constructor(x: { readonly y: 1 }) {} }\n')],
    says: /parameter property/,
  },
  {
    fault: 'an exported symbol without a doc comment',
    rule: exportsAreDocumented,
    planted: [file(`${base}/a.ts`, 'export function bare() {}\n')],
    fine: [
      file(`${base}/a.ts`, '/** Says why. */\nexport function told() {}\n'),
      file(`${base}/b.ts`, 'export type View = z.output<typeof view>;\n'),
    ],
    says: /bare has no doc comment/,
  },
  {
    fault: 'a folder of the machine',
    rule: documents.nothingPrivateIsNamed,
    planted: [file('a.md', ['see ', 'work', 'main', 'x'].join('/'))],
    fine: [file('a.md', 'homework/mainly')],
    says: /a folder of the machine/,
  },
  {
    fault: 'an error without Japanese words for its last clause',
    rule: (sources) => errorsAreSaidInJapanese(inPartJapanese, sources),
    planted: [
      file(
        `${base}/a/b.ts`,
        "const offer = near ? 'did you mean that one here?' : '見当';\nthrow new Problem('x', `Found no ${name}: ${offer}`);\n",
      ),
    ],
    fine: [
      file(`${base}/a/b.ts`, "throw new Problem('x', `Found no ${name}`, { cause });\n"),
      file(`${base}/a/c.ts`, "throw new Problem('bug', 'Something that cannot be at all');\n"),
    ],
    says: /a\/b\.ts:2: needs a row .* "見つかりません: X9: did you mean that one here\?"/,
  },
  {
    fault: 'an error whose sentence cannot be read',
    rule: (sources) => errorsAreSaidInJapanese(inPartJapanese, sources),
    planted: [file(`${base}/a/b.ts`, 'new Problem(code, messageOf(code));\n')],
    fine: [file(`${base}/errors.ts`, 'new Problem(code, messageOf(code));\n')],
    says: /a\/b\.ts:1: its sentence is made elsewhere/,
  },
  {
    fault: 'a lock file that names a host',
    rule: documents.nothingPrivateIsNamed,
    planted: [file('package-lock.json', ['"resolved": "https', '//example.org/x.tgz"'].join(':'))],
    fine: [file('package-lock.json', '"resolved": "packages/ringmaster"')],
    says: /downloaded/,
  },
];

for (const row of rows)
  test(`a rule finds ${row.fault}, and lets pass what is fine`, () => {
    const { faults } = row.rule(row.planted);
    assert.equal(faults.length, 1, faults.join('\n'));
    assert.match(faults[0] ?? '', row.says);
    assert.deepEqual(row.rule(row.fine).faults, []);
  });

test('a hint that ends in a full stop, or is missing, is found', () => {
  const rowsOfErrors = { a: { hint: 'Do this' }, b: { hint: 'Do this.' }, c: { hint: '' } };
  const { faults, seen } = catalogues.errorsHaveHints(rowsOfErrors);
  assert.deepEqual(faults, ['b: its hint ends in a full stop', 'c: has no hint']);
  assert.equal(seen, 3);
});

test('an operation without handler, journey or event is found', () => {
  const sources = [
    file(`${base}/operations/io/a.ts`, "'x.done'"),
    file('tests/journeys/a.test.ts', "covers('x.y', 'x.done')"),
    file(`${base}/operations/io/a.test.ts`, "'x.lost'"),
  ];
  const names = ['x.done', 'x.lost'];
  assert.deepEqual(catalogues.operationsAreHandled(names, sources).faults.length, 1);
  assert.deepEqual(catalogues.operationsHaveJourneys(names, sources).faults.length, 1);
  assert.deepEqual(catalogues.eventsAreAppended(names, sources).faults.length, 1);
  assert.deepEqual(catalogues.errorsAreUsed(['x.done', 'gone'], sources).faults.length, 1);
});

test('a folder missing from the map, and one that is gone, are found', () => {
  const page = file('ARCHITECTURE.md', 'Map\n```\nfleet/  what is wanted   ghosts/ gone\n```\n');
  const names = ['fleet', 'gateway'];
  const { faults } = mapShowsFolders(page, names, (name) => names.includes(name));
  assert.deepEqual(faults, [
    'ARCHITECTURE.md: the folder gateway/ is not on the map',
    'ARCHITECTURE.md: the map names ghosts/, which does not exist',
  ]);
});

test('dead links, unknown commands and unequal headings in pages are found', () => {
  const page = file(
    'docs/a.md',
    '# A\n[b](../b.md) [c](c.md#x) [d](https://example.org) `[e](e.md)`\n```sh\nringmaster up\nringmaster fly\n```\n',
  );
  const links = documents.linksResolve([page], (path) => path === 'b.md');
  assert.deepEqual(links, { seen: 2, faults: ['docs/a.md: the link c.md#x leads nowhere'] });
  const commands = documents.commandsExist([page], ['up']);
  assert.deepEqual(commands, {
    seen: 2,
    faults: ['docs/a.md: there is no command "ringmaster fly"'],
  });
  assert.equal(documents.headingsMatch(page, file('b.md', '# A\n## B\n')).faults.length, 1);
  assert.equal(documents.headingsMatch(page, file('b.md', '# B\n')).faults.length, 0);
});

test('imports are found in every form, and not in comments or texts', () => {
  const text = [
    "import a from 'a';",
    "import 'b';",
    "export { c } from 'c';",
    "const d = import('d');",
    "// import e from 'e';",
    "/* import f from 'f'; */",
    'const quote = /[\'"]/;',
    "import g from 'g';",
  ].join('\n');
  const targets = importsOf(file('a.ts', text)).map((found) => found.target);
  assert.deepEqual(targets.toSorted(), ['a', 'b', 'c', 'd', 'g']);
});

test('blanking keeps every line where it was', () => {
  const text = "a; // one\n/* two\nthree */ 'four' `fi\nve` b;";
  assert.equal(blankStrings(text).split('\n').length, 4);
  assert.match(blankStrings(text), /^a; +\n +\n +\n +b;$/);
  assert.match(blankComments(text), /'four' `fi\nve` b;$/);
});
