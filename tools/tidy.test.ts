import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { inRoot, isBuilt, loadCommands, loadDeclarations, loadSayWhy } from './product.ts';
import { referenceFiles } from './reference/pages.ts';
import * as catalogues from './rules/catalogues.ts';
import { exportsAreDocumented } from './rules/doc-comments.ts';
import * as documents from './rules/documents.ts';
import { errorsAreSaidInJapanese } from './rules/japanese.ts';
import { mapShowsFolders } from './rules/map.ts';
import * as rooms from './rules/rooms.ts';
import * as shape from './rules/shape.ts';
import type { Source, Verdict } from './rules/source.ts';
import { processesPassTheGate } from './rules/starters.ts';

const leftOut = new Set(['node_modules', 'dist', '.git', '.cache']);
const textFile =
  /\.(ts|tsx|mjs|js|json|md|yaml|yml|toml|txt|html|css)$|\/run$|^\.[a-z]+$|^LICENSE$/;

const sources = readSources();
const folders = new Set(sources.flatMap((source) => foldersOf(source.path)));

/** A rule holds when it saw enough to mean something, and found nothing. */
function holds(verdict: Verdict, seenAtLeast: number): void {
  assert.deepEqual(verdict.faults, []);
  assert.ok(verdict.seen >= seenAtLeast, `saw only ${verdict.seen}, expected ${seenAtLeast}`);
}

test('the rules see the project', () => {
  const typed = sources.filter((source) => source.path.endsWith('.ts'));
  assert.ok(typed.length > 80, `only ${typed.length} TypeScript files`);
  for (const path of ['package.json', 'packages/ringmaster/src/errors.ts', '.ci/run', 'LICENSE'])
    assert.ok(
      sources.some((source) => source.path === path),
      `${path} was not read`,
    );
});

for (const [name, rule, seenAtLeast] of [
  ['rooms meet only in daemon.ts', rooms.roomsMeetOnlyInDaemon, 100],
  ['the thought of the rooms forms no circle', rooms.roomsFormNoCircle, 5],
  ['no file imports one that imports it', rooms.filesFormNoCircle, 500],
  ['thought takes neither time nor chance itself', rooms.thoughtIsPure, 20],
  ['every process passes the gate', processesPassTheGate, 9],
  ['files are short', shape.filesAreShort, 80],
  ['functions fit a screen', shape.functionsFitAScreen, 200],
  ['lines are narrow', shape.linesAreNarrow, 5_000],
  ['names are words of the domain', shape.namesAreWords, 10_000],
  ['file names are kebab-case', shape.filesAreKebabCase, 80],
  ['only the forms we agreed on are used', shape.formsAreAllowed, 80],
  ['exported symbols have a doc comment', exportsAreDocumented, 100],
  ['decisions have a number each', documents.decisionsAreNumbered, 20],
  ['nothing private is named', documents.nothingPrivateIsNamed, 100],
] as const)
  test(name, () => holds(rule(sources), seenAtLeast));

test('every error has a hint, and something uses it', async () => {
  const { problemRows } = await loadDeclarations();
  holds(catalogues.errorsHaveHints(problemRows), 20);
  holds(catalogues.errorsAreUsed(Object.keys(problemRows), sources), 20);
});

test('every error is said in Japanese to its last clause', async () => {
  holds(errorsAreSaidInJapanese(await loadSayWhy(), sources), 150);
});

test('every operation has a handler and a journey', async () => {
  const { operations, routes } = await loadDeclarations();
  const names = Object.keys(operations);
  assert.deepEqual(names.toSorted(), Object.keys(routes).toSorted());
  assert.ok(names.length >= 13);
  holds(catalogues.operationsAreHandled(names, sources), 1);
  holds(catalogues.operationsHaveJourneys(names, sources), 1);
});

test('every kind of event is appended somewhere', async () => {
  const { eventKinds } = await loadDeclarations();
  assert.ok(Object.keys(eventKinds).length >= 20);
  holds(catalogues.eventsAreAppended(Object.keys(eventKinds), sources), 20);
});

test('generated files are what the declarations say', async () => {
  const files = await referenceFiles();
  assert.ok(files.size >= 5);
  for (const [path, text] of files) {
    assert.ok(
      existsSync(inRoot(path)),
      `${path} is missing; run node tools/dist/write-reference.js`,
    );
    const written = readFileSync(inRoot(path), 'utf8');
    assert.equal(written, text, `${path} is old; run node tools/dist/write-reference.js`);
  }
});

test('the map shows every folder, and no folder that is gone', () => {
  const page = sourceNamed('ARCHITECTURE.md');
  const top = readdirSync(inRoot('')).filter((name) => folders.has(name) && !name.startsWith('.'));
  const roomFolders = [...folders].filter((folder) =>
    /^packages\/ringmaster\/src\/(?:[^/]+|doors\/[^/]+)$/.test(folder),
  );
  assert.ok(roomFolders.length >= 7);
  const names = new Set([...folders].flatMap((folder) => suffixesOf(folder)));
  const exists = (name: string) => names.has(name);
  holds(mapShowsFolders(page, [...top, ...roomFolders], exists), 12);
});

test('links in pages lead somewhere', () => {
  const paths = new Set(sources.map((source) => source.path));
  const exists = (path: string) => paths.has(path) || folders.has(path) || existsSync(inRoot(path));
  holds(documents.linksResolve(sources, exists), 10);
});

test('commands in pages exist', async () => {
  assert.ok(isBuilt('doors/cli/command-table'));
  holds(documents.commandsExist(sources, await loadCommands()), 10);
});

test('both languages of the README have the same headings', () => {
  holds(documents.headingsMatch(sourceNamed('README.md'), sourceNamed('README.ja.md')), 5);
});

function sourceNamed(path: string): Source {
  const found = sources.find((source) => source.path === path);
  assert.ok(found, `${path} is missing`);
  return found;
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

/** `a/b/c` → `a/b/c`, `b/c`, `c`: a map may name a folder by its end. */
function suffixesOf(folder: string): string[] {
  const parts = folder.split('/');
  return parts.map((_, at) => parts.slice(at).join('/'));
}

function readSources(): Source[] {
  const found: Source[] = [];
  const visit = (folder: string) => {
    for (const name of readdirSync(inRoot(folder)).toSorted()) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (leftOut.has(name)) continue;
      if (statSync(inRoot(path)).isDirectory()) visit(path);
      else if (textFile.test(path)) found.push({ path, text: readFileSync(inRoot(path), 'utf8') });
    }
  };
  visit('');
  return found;
}
