/**
 * Dies on purpose.
 * `--at-once` before reading anything; `--ms N` after N milliseconds; `--calls N` on the N-th tool call, unanswered
 * (`--answer-first`: answered); `--on-discover` on any request before `initialize`.
 * `--code N` exit code (default 1); `--signal NAME` dies by that signal instead.
 * `--starts N --counter FILE`: only the first N starts misbehave, counted in FILE.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hasArgument, numberArgument, textArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { serveLines, writeLine } from './line-server.ts';
import type { Message } from './mcp.ts';

const misbehaves = startNumber() <= numberArgument('starts', Number.POSITIVE_INFINITY);
const dieAtCall = numberArgument('calls', Number.POSITIVE_INFINITY);
let calls = 0;
let initialized = false;

if (misbehaves && hasArgument('at-once')) die();
if (misbehaves && hasArgument('ms')) setTimeout(die, numberArgument('ms', 100));

serveLines({
  name: 'crash',
  tools: [...echoTools, { name: 'die', description: 'Dies without an answer', run: die }],
  before: survives,
  write(message) {
    writeLine(message);
    if (misbehaves && hasArgument('answer-first') && calls >= dieAtCall) die();
  },
});

function survives(message: Message): boolean {
  if (message.method === 'initialize') initialized = true;
  if (!misbehaves) return true;
  if (hasArgument('on-discover') && !initialized) die();
  if (message.method === 'tools/call') calls += 1;
  if (calls >= dieAtCall && !hasArgument('answer-first')) die();
  return true;
}

function startNumber(): number {
  const file = textArgument('counter');
  if (file === undefined) return 1;
  const started = (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0) + 1;
  writeFileSync(file, String(started));
  return started;
}

function die(): never {
  process.stderr.write('crash: dying on purpose\n');
  const signal = textArgument('signal');
  if (signal !== undefined) process.kill(process.pid, signal as NodeJS.Signals);
  process.exit(numberArgument('code', 1));
}
