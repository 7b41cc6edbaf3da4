import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeText } from './write-text.ts';

const isRoot = process.getuid?.() === 0;

test('a file that is replaced keeps mode, place and, when root replaces it, its owner', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-write-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const [file, link] = [join(folder, 'fleet.yaml'), join(folder, 'link.yaml')];
  writeFileSync(file, 'old');
  symlinkSync(file, link);
  chmodSync(file, 0o640);
  const owner = isRoot ? 12_345 : (process.getuid?.() ?? 0);
  if (isRoot) chownSync(file, owner, owner);
  await writeText(link, 'new', { mode: 0o600 });
  const { uid, mode } = statSync(file);
  assert.deepEqual([readFileSync(file, 'utf8'), uid, mode & 0o777], ['new', owner, 0o640]);
  assert.deepEqual(readdirSync(folder).sort(), ['fleet.yaml', 'link.yaml']);
});
