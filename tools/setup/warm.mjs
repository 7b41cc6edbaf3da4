/**
 * Runs a command of the bundle in FOLDER and keeps, when it ends, what V8 compiled of every file that has nothing kept
 * yet: `node warm.mjs FOLDER COMMAND...`.
 */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { inRoot } from './shell.mjs';

const [folder, ...words] = process.argv.slice(2);
const { loadBundle } = createRequire(import.meta.url)(inRoot('packages/ringmaster/bin/bundle.js'));
process.argv = [process.execPath, 'ringmaster', ...words];
const scripts = loadBundle(folder, 'main.js');
process.on('exit', () => {
  // V8 refuses what was kept under another flag than it starts with; the daemon sets these (`stay-young.ts`).
  setFlagsFromString('--allocation-site-pretenuring');
  setFlagsFromString('--parallel-scavenge');
  for (const [path, script] of scripts) {
    const kept = `${path}.cache`;
    if (existsSync(kept)) continue;
    writeFileSync(`${kept}.new`, script.createCachedData());
    renameSync(`${kept}.new`, kept);
  }
});
