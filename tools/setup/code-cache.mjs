/**
 * Lets the bundle run for a moment, a daemon with one server and a command that asks it, and keeps what V8 compiled:
 * functions that a start calls are then compiled once a build, not once a start. What is kept is of use to the same
 * version of Node only; any other compiles as ever.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot, runQuietly } from './shell.mjs';

const warm = inRoot('tools/setup/warm.mjs');
const startMaxMs = 20_000;
const stopMaxMs = 10_000;
const lookEveryMs = 20;
/** The smallest stdio MCP server: it shakes hands, and has nothing. */
const server = `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  if (id === undefined) return;
  const serverInfo = { name: 'warm', version: '1.0.0' };
  const hello = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo };
  const result = method === 'initialize' ? hello : { tools: [] };
  console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
});`;

/** Writes what V8 compiled beside the bundle's files; false when the daemon did not start here. */
export async function makeCodeCache(folder) {
  const home = mkdtempSync(join(tmpdir(), 'ringmaster-warm-'));
  const file = join(home, 'fleet.json');
  const dataDir = join(home, 'data');
  const warmServer = { command: process.execPath, args: ['-e', server] };
  writeFileSync(file, JSON.stringify({ listen: { port: 0 }, servers: { warm: warmServer } }));
  const at = ['--file', file, '--data-dir', dataDir];
  const daemon = spawn(process.execPath, [warm, folder, 'up', ...at], { stdio: 'ignore' });
  const ended = new Promise((resolve) => daemon.once('exit', resolve).once('error', resolve));
  try {
    const isReady = await readyWithin(startMaxMs, join(dataDir, 'run/daemon.json'), daemon);
    if (isReady) await runQuietly(process.execPath, [warm, folder, 'status', ...at]);
    daemon.kill('SIGINT');
    const late = setTimeout(() => daemon.kill('SIGKILL'), stopMaxMs);
    await ended;
    clearTimeout(late);
    return isReady;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function readyWithin(limitMs, record, daemon) {
  const untilMs = performance.now() + limitMs;
  while (performance.now() < untilMs && daemon.exitCode === null) {
    if (existsSync(record) && (await isReady(JSON.parse(readFileSync(record, 'utf8')).port)))
      return true;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return false;
}

async function isReady(port) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok;
  } catch {
    // It is not listening yet.
    return false;
  }
}
