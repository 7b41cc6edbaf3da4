import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the peers are unpacked: a temporary folder, never the project. pm2 is AGPL; none of it is copied. */
export const peersFolder = join(tmpdir(), 'ringmaster-bench-peers');
const pm2Version = '7.0.4';
const pythonPackages = ['supervisor==4.3.0', 'circus==0.19.0'];
const debianPackages = ['runit'];

/** Programs of the peers. */
export const places = {
  pm2: join(peersFolder, 'npm/node_modules/pm2/bin/pm2'),
  python: join(peersFolder, 'python'),
  root: join(peersFolder, 'root'),
};

/** Fetches what is not there yet, through npm, pip and apt; what cannot be had is named, and left out of the bench. */
export function fetchPeers(): readonly string[] {
  mkdirSync(peersFolder, { recursive: true });
  const missing: string[] = [];
  const attempt = (name: string, isThere: string, fetch: () => void) => {
    if (existsSync(isThere)) return;
    try {
      fetch();
    } catch (error) {
      missing.push(`${name} (${error instanceof Error ? error.message.split('\n')[0] : error})`);
    }
  };
  attempt('pm2', places.pm2, () => {
    const where = join(peersFolder, 'npm');
    mkdirSync(where, { recursive: true });
    writeFileSync(join(where, 'package.json'), '{"private":true}');
    const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error'];
    quietly('npm', ['install', '--prefix', where, ...quiet, `pm2@${pm2Version}`]);
  });
  attempt('supervisord, circus', join(places.python, 'circus'), () =>
    quietly('python3', [
      '-m',
      'pip',
      'install',
      '-q',
      '--target',
      places.python,
      ...pythonPackages,
    ]),
  );
  attempt('runit', join(places.root, 'usr/bin/runsvdir'), unpackDebian);
  return missing;
}

function unpackDebian(): void {
  const folder = join(peersFolder, 'debian');
  mkdirSync(folder, { recursive: true });
  quietly('apt-get', ['download', '-q', ...debianPackages], folder);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb')))
    quietly('dpkg', ['-x', join(folder, file), places.root]);
}

function quietly(file: string, args: readonly string[], cwd = peersFolder): void {
  execFileSync(file, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
}
