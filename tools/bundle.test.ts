import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { inRoot } from './product.ts';

interface Bundler {
  readonly entries: readonly string[];
  readonly buildBundle: (folder: string) => Promise<void>;
}
interface Warmer {
  readonly makeCodeCache: (folder: string) => Promise<boolean>;
}

const source = inRoot('packages/ringmaster/src');
const home = mkdtempSync(join(tmpdir(), 'ringmaster-bundle-'));
const folder = join(home, 'dist/bundle/node');
const { entries, buildBundle } = (await import(inRoot('tools/setup/bundle.mjs'))) as Bundler;
const { makeCodeCache } = (await import(inRoot('tools/setup/code-cache.mjs'))) as Warmer;

before(async () => {
  copyFileSync(inRoot('packages/ringmaster/package.json'), join(home, 'package.json'));
  await buildBundle(folder);
});
after(() => rmSync(home, { recursive: true }));

/** Each use of a file's own address in the product, as `[file, rest of the line]`. */
function ownAddresses(): [string, string][] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('test'))
    .flatMap((name) =>
      readFileSync(join(source, name), 'utf8')
        .split('\n')
        .filter((line) => line.includes('import.meta.url'))
        .map((line): [string, string] => [name, line]),
    );
}

test('every file that the product starts by its address is in the bundle under that name', () => {
  const started = ownAddresses().flatMap(([, line]) => /'\.\/([\w-]+)\.js'/.exec(line)?.[1] ?? []);
  assert.ok(started.length >= 4, `found ${started.join(', ')}`);
  for (const name of started)
    assert.ok(
      existsSync(join(folder, `${name}.js`)),
      `${name} is no entry of tools/setup/bundle.mjs`,
    );
  assert.equal(new Set(entries.map((entry) => basename(entry))).size, entries.length);
});

test('no other path is built from the address of a file but one from the root of the package, three up', () => {
  const others = ownAddresses().filter(
    ([name, line]) =>
      !/'\.\/[\w-]+\.js'|createRequire\(/.test(line) &&
      !(/'(\.\.\/){3}[\w]/.test(line) && name.split('/').length === 3),
  );
  assert.deepEqual(others, []);
});

test('the bundle runs by itself', () => {
  const output = execFileSync(process.execPath, [join(folder, 'main.js'), '--version'], {
    encoding: 'utf8',
  });
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    version: string;
  };
  assert.equal(output.trim(), version);
});

test('every part of the bundle can be loaded, with all that it needs', () => {
  const programs = new Set(entries.map((entry) => `${basename(entry)}.js`));
  const parts = readdirSync(folder).filter((name) => name.endsWith('.js') && !programs.has(name));
  assert.ok(parts.length > 20, `there are ${parts.length} parts`);
  const imports = parts.map((name) => `await import(${JSON.stringify(join(folder, name))});`);
  execFileSync(process.execPath, ['--input-type=module', '-e', imports.join('\n')], {
    stdio: 'pipe',
  });
});

test('the bundle says whose parts it holds, and leaves the locales of the schema library out', () => {
  const licences = readFileSync(join(folder, 'LICENSES-OF-PARTS.txt'), 'utf8');
  assert.match(licences, /^zod \d/m);
  assert.match(licences, /Permission is hereby granted/);
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  assert.equal(
    texts.some((text) => text.includes('zod/v4/locales/fr.js')),
    false,
  );
  assert.equal(
    texts.some((text) => text.includes('zod/v4/core/')),
    true,
  );
});

/** Loads a command as `bin/ringmaster.js` does; the files whose kept code V8 took, and those it refused. */
function runKept(prelude: string): { readonly taken: string[]; readonly refused: string[] } {
  const script = `${prelude}
    const { loadBundle } = require(${JSON.stringify(inRoot('packages/ringmaster/bin/bundle.js'))});
    process.argv = [process.execPath, 'ringmaster', '--version'];
    const scripts = [...loadBundle(${JSON.stringify(folder)}, 'main.js')];
    process.stdout.write = () => true;
    process.on('exit', () => {
      const where = (isRefused) => scripts
        .filter(([, { cachedDataRejected }]) => cachedDataRejected === isRefused)
        .map(([path]) => require('node:path').basename(path));
      process.stderr.write(JSON.stringify({ taken: where(false), refused: where(true) }));
    });`;
  const { stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  return JSON.parse(stderr) as ReturnType<typeof runKept>;
}

/** Which of these files' kept code a V8 that has just started refuses. */
function refusedOf(kept: readonly string[]): string[] {
  const script = `
    const { compile } = require(${JSON.stringify(inRoot('packages/ringmaster/bin/bundle.js'))});
    const files = ${JSON.stringify(kept.map((name) => join(folder, name.slice(0, -'.cache'.length))))};
    const refused = files.filter((file) => compile(file).cachedDataRejected !== false);
    process.stdout.write(JSON.stringify(refused));`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
}

test('what V8 compiled in a build is taken at a start, and refused by a V8 that works otherwise', async () => {
  // Node 20 has no SQLite of its own: the daemon takes it from the packages.
  symlinkSync(inRoot('node_modules'), join(home, 'node_modules'));
  assert.equal(await makeCodeCache(folder), true, 'the daemon did not start');
  const kept = readdirSync(folder).filter((name) => name.endsWith('.cache'));
  for (const name of ['main', 'up', 'daemon', 'daemon-core', 'daemon-office', 'status'])
    assert.ok(kept.includes(`${name}.js.cache`), `nothing was kept of ${name}; of ${kept}`);
  const same = runKept('');
  assert.ok(same.taken.includes('main.js'), JSON.stringify(same));
  assert.deepEqual(same.refused, []);
  assert.deepEqual(refusedOf(kept), [], 'kept under flags that a start has not');
  const other = runKept("require('node:v8').setFlagsFromString('--no-opt');");
  assert.ok(other.refused.includes('main.js'), JSON.stringify(other));
  await buildBundle(folder);
  const left = readdirSync(folder).filter((name) => name.endsWith('.cache'));
  assert.deepEqual(left, [], 'what was kept of an older bundle must not outlive it');
});
