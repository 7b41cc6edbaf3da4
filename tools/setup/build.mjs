import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fail, inRoot, runQuietly } from './shell.mjs';
import { say } from './words.mjs';

/** What can be built: the folders whose files matter, the projects for the compiler, and where the stamp lies. */
const targets = {
  product: {
    // What makes the bundle, too: else a changed way of building would not be taken.
    folders: ['packages', 'tools/setup'],
    projects: ['packages/ringmaster', 'packages/dashboard'],
    stamp: 'packages/ringmaster/dist/.built',
  },
  everything: {
    folders: ['packages', 'tests', 'bench', 'tools'],
    projects: [],
    stamp: 'tools/dist/.built',
  },
};
const leftOut = new Set(['node_modules', 'dist', 'web']);

/** Compiles a target, unless its files are those of the last build; `always` compiles in any case. */
export async function build(name, when = 'changed') {
  const target = targets[name];
  const now = sourcesStamp(target.folders);
  if (when === 'changed' && readStamp(target.stamp) === now) return;
  say('building');
  const startedMs = Date.now();
  await runStep([inRoot('node_modules/typescript/bin/tsc'), '-b', ...target.projects]);
  await runStep([inRoot('tools/setup/outputs.mjs')]);
  writeFileSync(inRoot(target.stamp), now);
  // Who built everything built the product, too.
  if (name === 'everything')
    writeFileSync(inRoot(targets.product.stamp), sourcesStamp(targets.product.folders));
  say('built', `${((Date.now() - startedMs) / 1_000).toFixed(1)} s`);
}

/** In a process of its own: what a build needs of memory is gone before `npm start` becomes the daemon. */
async function runStep(args) {
  const { code, output } = await runQuietly(process.execPath, args);
  if (code === 0) return;
  process.stderr.write(output);
  fail('buildFailed');
}

/** Changes whenever a source or a setting does: path, size and time of each file, which is quick to look up. */
function sourcesStamp(folders) {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0]);
  const files = ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json'];
  for (const folder of folders) collect(folder, files);
  for (const file of files) {
    const { size, mtimeMs } = statSync(inRoot(file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function collect(folder, files) {
  for (const entry of readdirSync(inRoot(folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!leftOut.has(entry.name)) collect(path, files);
    } else if (/\.(ts|tsx|mjs|json|css|html)$/.test(entry.name)) files.push(path);
  }
}

function readStamp(file) {
  return existsSync(inRoot(file)) ? readFileSync(inRoot(file), 'utf8') : undefined;
}
