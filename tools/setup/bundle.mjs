/**
 * Puts the compiled product and what it uses of its packages into a few files, `packages/ringmaster/dist/bundle/node/`: the
 * daemon and the command line then start in less than half the time, as Node reads ten files instead of hundreds, and
 * what nobody uses (the locales of zod first of all) is left out. One folder without folders: a thread or process is
 * started by the address of a file beside the asking one, in `dist/` and here alike; and as deep in the package as the
 * files of `dist/doors/cli/` are, so that three folders up is its root for both.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { inRoot } from './shell.mjs';

const compiled = 'packages/ringmaster/dist';
/** Everything that is started as a program, a process or a thread of its own. */
export const entries = [
  'doors/cli/main',
  'supervisor/io/guardian',
  'supervisor/io/log-worker',
  'supervisor/io/log-search-worker',
  'journal/io/journal-worker',
];
/** Where the command finds it. */
export const bundleFolder = inRoot(`${compiled}/bundle/node`);
const licencesFile = 'LICENSES-OF-PARTS.txt';
const manifestFile = 'package.json';

/** Writes the bundle anew into `folder`; files of an earlier one that are no part of it any more are deleted last. */
export async function buildBundle(folder = bundleFolder) {
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    platform: 'node',
    input: Object.fromEntries(
      entries.map((entry) => [basename(entry), inRoot(`${compiled}/${entry}.js`)]),
    ),
    // Has a part in machine code, and is looked for only where Node brings no SQLite.
    external: ['@photostructure/sqlite'],
    // A package's `main` may be a form (UMD) whose inner parts only a running Node finds.
    resolve: { mainFields: ['module', 'main'] },
    // Else a program is also where parts look for what they share with it.
    preserveEntrySignatures: 'strict',
  });
  mkdirSync(folder, { recursive: true });
  // V8 tells kept code of another text by its length alone: none may outlive its file.
  for (const name of readdirSync(folder)) if (name.endsWith('.cache')) rmSync(`${folder}/${name}`);
  const { output } = await bundle.write({
    dir: folder,
    // Compiled code can be kept of such files, and of no others (`code-cache.mjs`).
    format: 'cjs',
    sourcemap: true,
    entryFileNames: '[name].js',
    // A running daemon may still load a part lazily: under the same name, and by the same names in it.
    chunkFileNames: '[name].js',
    minifyInternalExports: false,
    // V8 keeps the text of what it runs in memory; the licences of all parts have a file of their own.
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await bundle.close();
  for (const { type, fileName, code } of output)
    if (type === 'chunk') writeFileSync(`${folder}/${fileName}`, narrow(code));
  const modules = output.flatMap((part) =>
    part.type === 'chunk' ? Object.keys(part.modules) : [],
  );
  writeFileSync(`${folder}/${licencesFile}`, licencesOf(modules));
  writeFileSync(`${folder}/${manifestFile}`, '{ "type": "commonjs" }\n');
  const written = new Set([licencesFile, manifestFile, ...output.map(({ fileName }) => fileName)]);
  for (const name of readdirSync(folder))
    if (!written.has(name)) rmSync(`${folder}/${name}`, { recursive: true });
}

/** Escapes characters beyond one byte: a single one would make V8 keep the whole text at two bytes a character. */
function narrow(code) {
  const wide = /(\\*)([^\0-\xff])/g;
  return code.replace(wide, (all, before, character) => {
    if (before.length % 2 === 1) throw new Error(`Cannot escape ${all}: remove its backslash`);
    return `${before}\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** The licences of all packages of which something is in the bundle, as these licences ask for. */
function licencesOf(modules) {
  const packages = new Set(modules.flatMap((module) => packageFolder(module) ?? []));
  const texts = [...packages].sort().map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'));
    const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry));
    const text =
      file === undefined ? `Licence: ${license}` : readFileSync(`${path}/${file}`, 'utf8');
    return `${name} ${version}\n\n${text.trim()}\n`;
  });
  return `The files in this folder contain parts of these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function packageFolder(module) {
  if (!/[\\/]node_modules[\\/]/.test(module)) return undefined;
  let path = dirname(module);
  // Some packages have small manifests without a name in folders of theirs.
  while (!existsSync(`${path}/package.json`) || !hasName(path)) path = dirname(path);
  return path;
}

function hasName(path) {
  const { name, version } = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'));
  return name !== undefined && version !== undefined;
}
