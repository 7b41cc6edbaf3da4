/** Writes `docs/reference/` and the published JSON Schema from the declarations: `node tools/dist/write-reference.js`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { inRoot } from './product.ts';
import { referenceFiles } from './reference/pages.ts';

for (const [path, text] of await referenceFiles()) {
  mkdirSync(dirname(inRoot(path)), { recursive: true });
  writeFileSync(inRoot(path), text);
  process.stderr.write(`${path}\n`);
}
