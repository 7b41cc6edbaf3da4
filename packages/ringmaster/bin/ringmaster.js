#!/usr/bin/env node
const { statSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { loadBundle } = require('./bundle.js');

const dist = join(__dirname, '../dist');
const writtenAtMs = (path) => statSync(join(dist, path), { throwIfNoEntry: false })?.mtimeMs;
const bundledAtMs = writtenAtMs('bundle/node/main.js') ?? -1;
// Whoever compiled after the last bundle was made wants to run what was compiled.
const isBundleNew = ['.thought.tsbuildinfo', '.hands.tsbuildinfo'].every(
  (record) => (writtenAtMs(record) ?? 0) <= bundledAtMs,
);
if (isBundleNew && bundledAtMs >= 0) loadBundle(join(dist, 'bundle/node'), 'main.js');
else if (writtenAtMs('doors/cli/main.js') !== undefined) {
  void import(pathToFileURL(join(dist, 'doors/cli/main.js')).href);
} else {
  process.stderr.write('ringmaster: not built yet. Run `npm start` in the project folder once.\n');
  process.exitCode = 64;
}
