import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fail, inRoot, runQuietly } from './shell.mjs';
import { say } from './words.mjs';

const stampFile = 'node_modules/.ringmaster-installed';
const flags = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];

/** Installs the packages of the lock file, unless exactly these are installed already. */
export async function installPackages() {
  const wanted = installStamp();
  if (readIfThere(stampFile) === wanted) return;
  say('installing');
  const startedMs = Date.now();
  let result = await npm(['ci', ...flags]);
  if (result.code !== 0) {
    // npm ci is strict about foreign-platform entries that a registry may lack; npm install is not.
    process.stderr.write(result.output);
    say('lockRefused');
    result = await npm(['install', ...flags]);
  }
  if (result.code !== 0) {
    process.stderr.write(result.output);
    fail('installFailed');
  }
  writeFileSync(inRoot(stampFile), installStamp());
  say('installed', `${((Date.now() - startedMs) / 1_000).toFixed(1)} s`);
}

/** Installs the Debian packages the tests need, when there are any. */
export function installDebianPackages() {
  const listed = readFileSync(inRoot('tools/debian-packages.txt'), 'utf8').split('\n');
  const names = listed.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) fail('debianNeeded', missing.join(' '));
  say('debianInstalling', missing.join(' '));
  const options = {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  spawnSync('apt-get', ['update', '-q'], options);
  if (spawnSync('apt-get', install, options).status !== 0) fail('debianNeeded', missing.join(' '));
}

function isInstalled(name) {
  const query = spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' });
  return query.stdout?.includes('install ok installed') === true;
}

/** Runs npm quietly: that of the shell that called us, else the one in PATH. */
export function npm(args) {
  const own = process.env.npm_execpath;
  return own?.endsWith('npm-cli.js') === true
    ? runQuietly(process.execPath, [own, ...args])
    : runQuietly('npm', args);
}

/** Names everything the installed packages depend on: manifests, platform, and the major version of Node. */
function installStamp() {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', ...manifests()])
    hash.update(file).update(readIfThere(file) ?? '');
  const [major] = process.versions.node.split('.');
  return `${hash.digest('hex')} node-${major} ${process.platform}-${process.arch}\n`;
}

function manifests() {
  const { workspaces } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const folders = workspaces.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const parent = pattern.slice(0, -2);
    return existsSync(inRoot(parent))
      ? readdirSync(inRoot(parent))
          .sort()
          .map((name) => `${parent}/${name}`)
      : [];
  });
  return ['package.json', ...folders.map((folder) => `${folder}/package.json`)];
}

function readIfThere(file) {
  return existsSync(inRoot(file)) ? readFileSync(inRoot(file), 'utf8') : undefined;
}
