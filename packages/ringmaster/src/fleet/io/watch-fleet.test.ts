import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { textHash } from './read-fleet.ts';
import { watchFleet } from './watch-fleet.ts';

let folder = '';
let stop = () => {};
let changes = 0;
let onChange = () => {};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringmaster-watch-'));
  changes = 0;
});
afterEach(async () => {
  stop();
  await rm(folder, { recursive: true, force: true });
});

/** Watches, keeping this test's process alive until the awaited number of changes came. */
function watchIt(path: string, options: Parameters<typeof watchFleet>[2] = {}) {
  const count = () => {
    changes += 1;
    onChange();
  };
  stop = watchFleet(path, count, { debounceMs: 20, ...options });
}

async function changesReach(wanted: number): Promise<void> {
  if (changes >= wanted) return;
  await new Promise<void>((resolve, reject) => {
    const deadline = setTimeout(() => reject(new Error(`saw ${changes} of ${wanted}`)), 60_000);
    onChange = () => {
      if (changes < wanted) return;
      clearTimeout(deadline);
      resolve();
    };
  });
}

test('a saved change calls back once; the same content again does not', async () => {
  const path = join(folder, 'f.yaml');
  writeFileSync(path, 'a');
  watchIt(path);
  writeFileSync(path, 'b');
  await changesReach(1);
  writeFileSync(path, 'b');
  writeFileSync(path, 'c');
  await changesReach(2);
  assert.equal(changes, 2);
});

test('a file replaced by rename is seen, as editors save', async () => {
  const path = join(folder, 'f.yaml');
  writeFileSync(path, 'a');
  watchIt(path);
  for (const [index, text] of ['b', 'c'].entries()) {
    writeFileSync(`${path}.tmp`, text);
    await rename(`${path}.tmp`, path);
    await changesReach(index + 1);
  }
});

test('a deleted file is no change; its return with other content is', async () => {
  const path = join(folder, 'f.yaml');
  writeFileSync(path, 'a');
  watchIt(path);
  await unlink(path);
  writeFileSync(path, 'b');
  await changesReach(1);
  assert.equal(changes, 1);
});

test('a file that did not exist is seen when it comes', async () => {
  const path = join(folder, 'f.yaml');
  watchIt(path);
  writeFileSync(path, 'a');
  await changesReach(1);
});

test('a switched link to a folder is seen, as Kubernetes mounts settings', async () => {
  for (const version of ['1', '2']) {
    await mkdir(join(folder, version));
    writeFileSync(join(folder, version, 'f.yaml'), version);
  }
  await symlink('1', join(folder, '..data'));
  await symlink('..data/f.yaml', join(folder, 'f.yaml'));
  watchIt(join(folder, 'f.yaml'));
  await symlink('2', join(folder, '..tmp'));
  await rename(join(folder, '..tmp'), join(folder, '..data'));
  await changesReach(1);
});

test('a folder that is removed and made again is watched again', async () => {
  const inner = join(folder, 'inner');
  const path = join(inner, 'f.yaml');
  await mkdir(inner);
  writeFileSync(path, 'a');
  watchIt(path, { pollMs: 50 });
  await rm(inner, { recursive: true });
  await mkdir(inner);
  writeFileSync(path, 'b');
  await changesReach(1);
});

test('a change between reading and watching is not missed', async () => {
  const path = join(folder, 'f.yaml');
  writeFileSync(path, 'newer');
  watchIt(path, { knownHash: textHash('older') });
  await changesReach(1);
});

test('after the stop nothing calls back', async () => {
  const path = join(folder, 'f.yaml');
  const other = join(folder, 'g.yaml');
  writeFileSync(path, 'a');
  const end = watchFleet(path, () => assert.fail('called back'), { debounceMs: 1 });
  end();
  watchIt(other);
  writeFileSync(path, 'b');
  writeFileSync(other, 'b');
  await changesReach(1);
});
