import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { say } from './words.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const oldestNode = [20, 19];
const lockPollMs = 300;
/** Longer than any installation takes; after that the other set-up is taken for dead. */
const lockWaitMs = 15 * 60_000;

/** Absolute path of a file of the project. */
export function inRoot(path = '') {
  return root + path;
}

/** Prints a sentence and ends the process with exit code 1. */
export function fail(key, detail = '') {
  say(key, detail);
  process.exit(1);
}

/** Whether this Node is older than what the project runs on. */
export function nodeIsTooOld(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  return major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
}

/** Runs a program in the project folder on our terminal; resolves to its exit code. */
export function run(file, args) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: root, stdio: 'inherit' });
    // The child hears Ctrl-C from the terminal itself; we only wait for how it ends.
    const ignore = () => {};
    const forward = () => child.kill('SIGTERM');
    process.on('SIGINT', ignore).on('SIGTERM', forward);
    child.once('error', () => resolve(127));
    child.once('exit', (code) => {
      process.off('SIGINT', ignore).off('SIGTERM', forward);
      resolve(code ?? 1);
    });
  });
}

/** Runs a program quietly; resolves to its exit code and everything it printed. */
export function runQuietly(file, args) {
  return new Promise((resolve) => {
    let output = '';
    const take = (chunk) => {
      output += chunk;
    };
    const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.once('error', (error) => resolve({ code: 127, output: String(error) }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Runs `work` while no other set-up changes this folder. */
export async function alone(work) {
  const lock = inRoot('.cache/setup.lock');
  mkdirSync(inRoot('.cache'), { recursive: true });
  await takeLock(lock);
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

async function takeLock(lock) {
  const deadlineMs = Date.now() + lockWaitMs;
  for (let told = false; ; told = true) {
    try {
      return writeFileSync(lock, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = holderOf(lock);
    if (holder === undefined || Date.now() > deadlineMs) rmSync(lock, { force: true });
    else if (!told) say('waiting', String(holder));
    await new Promise((resolve) => setTimeout(resolve, lockPollMs));
  }
}

/** Pid of the living process that holds the lock. */
function holderOf(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM: alive, but another user's. Anything else: the lock or its process is gone.
    return error.code === 'EPERM' ? 'unknown' : undefined;
  }
}
