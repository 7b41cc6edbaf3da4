#!/usr/bin/env node
import { statSync } from 'node:fs';

const dist = new URL('../dist/', import.meta.url);
const writtenAtMs = (path) => statSync(new URL(path, dist), { throwIfNoEntry: false })?.mtimeMs;
const bundledAtMs = writtenAtMs('bundle/node/main.js') ?? -1;
// Whoever compiled after the last bundle was made wants to run what was compiled.
const isBundleNew = ['.thought.tsbuildinfo', '.hands.tsbuildinfo'].every(
  (record) => (writtenAtMs(record) ?? 0) <= bundledAtMs,
);
if (isBundleNew && bundledAtMs >= 0) await import(new URL('bundle/node/main.js', dist).href);
else if (writtenAtMs('doors/cli/main.js') !== undefined) {
  await import(new URL('doors/cli/main.js', dist).href);
} else {
  process.stderr.write('ringmaster: not built yet. Run `npm start` in the project folder once.\n');
  process.exitCode = 64;
}
