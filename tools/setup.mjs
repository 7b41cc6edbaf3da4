/**
 * Everything between a fresh clone and a running program: `npm start`, `npm test`, `npm run build|check|test:matrix`
 * all come here. Plain JavaScript without dependencies, as nothing is installed or built when it starts.
 */
import { build } from './setup/build.mjs';
import { installDebianPackages, installPackages } from './setup/install.mjs';
import { installNodes } from './setup/nodes.mjs';
import { alone, fail, inRoot, nodeIsTooOld, run } from './setup/shell.mjs';
import { say } from './setup/words.mjs';

const commands = { start, test, build: buildAll, check, matrix, bench };

async function start(args) {
  await alone(async () => {
    await installPackages();
    await build('product');
  });
  // In this very process: one process less, and signals reach the daemon directly.
  const bin = inRoot('packages/ringmaster/bin/ringmaster.js');
  const demo = ['-f', inRoot('examples/demo/ringmaster.yaml')];
  const namesFile = args.some((arg) => arg === '-f' || arg.startsWith('--file'));
  process.argv = [process.execPath, bin, 'up', ...(namesFile ? [] : demo), ...args];
  await import(bin);
}

async function test(args) {
  await alone(async () => {
    await installPackages();
    installDebianPackages();
    await build('everything');
  });
  process.exitCode = await run(process.execPath, [inRoot('tools/run-tests.mjs'), ...args]);
}

async function buildAll() {
  await alone(async () => {
    await installPackages();
    await build('everything', 'always');
  });
}

/** Exactly what continuous integration asks for; goes on after a fault, so that all are seen at once. */
async function check() {
  await alone(async () => {
    await installPackages();
    await build('everything', 'always');
  });
  const steps = [
    ['biome', 'node_modules/@biomejs/biome/bin/biome', ['ci', '--error-on-warnings']],
    ['knip', 'node_modules/knip/bin/knip.js', []],
    ['tidy', 'tools/run-tests.mjs', ['tools/']],
  ];
  const faults = [];
  for (const [name, file, args] of steps) {
    say('checking', name);
    if ((await run(process.execPath, [inRoot(file), ...args])) !== 0) faults.push(name);
  }
  if (faults.length > 0) fail('checksFailed', faults.join(', '));
  say('checksPassed');
}

/** One bench of `bench/`, by the name of its folder, or of a file in it; the rest of the arguments is for it. */
async function bench([folder = '', ...args]) {
  await alone(async () => {
    await installPackages();
    await build('everything');
  });
  const file = folder.includes('/') ? folder : `${folder}/run`;
  process.exitCode = await run(process.execPath, [inRoot(`bench/dist/${file}.js`), ...args]);
}

/** The whole test suite under each supported line of Node, from one installation and one build. */
async function matrix(args) {
  const nodes = await alone(async () => {
    await installPackages();
    installDebianPackages();
    await build('everything');
    return installNodes();
  });
  const faults = [];
  for (const { version, file } of nodes) {
    say('testingUnder', version);
    if ((await run(file, [inRoot('tools/run-tests.mjs'), ...args])) !== 0) faults.push(version);
  }
  if (faults.length > 0) fail('matrixFailed', faults.join(', '));
  say('matrixPassed', nodes.map((node) => node.version).join(', '));
}

if (nodeIsTooOld()) fail('nodeTooOld', process.version);
const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command === undefined) fail('usage', Object.keys(commands).join(' | '));
await command(args);
