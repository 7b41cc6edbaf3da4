/**
 * The guardian: a process of its own that outlives the daemon. It holds the input of every stdio
 * server open, so that none reads an end of file when the daemon dies, and ends the servers when no
 * daemon comes back in time. When both die, every stdio server reads the end of its input. It
 * imports as little as it can: it sleeps all its life.
 *
 * Run as `node guardian.js DATA_DIR` with the pipe `run/guardian` as standard input; one command a line:
 * `hold PATH`, `drop PATH`, `grace MS`, `bye`.
 */
import { closeSync, existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { endOrphans } from './end-orphans.ts';
import { openWriter } from './pipes.ts';
import { isSameProcess, startTimeOf } from './process-table.ts';
import {
  readDaemonRecord,
  readRunRecord,
  replaceFile,
  runPaths,
  stampedRecord,
} from './state-file.ts';

/** How often the daemon is looked at: the accuracy of the grace period. */
const lookMs = 500;
const graceDefaultMs = 600_000;

function guard(dataDir: string): void {
  const held = new Map<string, number>();
  let graceMs = graceDefaultMs;
  let missingSinceMs: number | undefined;
  let isEnding = false;

  function hold(path: string): void {
    if (held.has(path)) return;
    try {
      held.set(path, openWriter(path));
    } catch {
      // The server died before we came to it: nothing to hold.
    }
  }

  function drop(path: string): void {
    const fd = held.get(path);
    held.delete(path);
    if (fd !== undefined) closeSync(fd);
  }

  function obey(line: string): void {
    const [verb, argument = ''] = line.split(' ', 2);
    if (verb === 'hold') hold(argument);
    else if (verb === 'drop') drop(argument);
    else if (verb === 'grace') graceMs = Number(argument);
    else if (verb === 'bye') process.exit(0);
  }

  function daemonLives(): boolean {
    const daemon = readDaemonRecord(dataDir);
    return daemon !== undefined && isSameProcess(daemon.pid, daemon.startTime);
  }

  /** Whether any recorded server still runs; without one there is nothing to wait for. */
  function hasWards(): boolean {
    const record = readRunRecord(dataDir);
    return (record?.instances ?? []).some(({ pid, startTime }) => isSameProcess(pid, startTime));
  }

  async function look(): Promise<void> {
    if (isEnding) return;
    if (daemonLives()) {
      missingSinceMs = undefined;
      return;
    }
    missingSinceMs ??= performance.now();
    const isOver = !existsSync(dataDir) || performance.now() - missingSinceMs >= graceMs;
    if (!isOver && hasWards()) return;
    isEnding = true;
    for (const path of [...held.keys()]) drop(path);
    await endOrphans(dataDir, { isOver: daemonLives });
    process.exit(0);
  }

  replaceFile(
    runPaths(dataDir).guardian,
    stampedRecord({ pid: process.pid, startTime: startTimeOf(process.pid) }),
  );
  let rest = '';
  new Socket({ fd: 0, readable: true, writable: false })
    .setEncoding('utf8')
    .on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) obey(line);
    });
  setInterval(() => void look(), lookMs);
}

const dataDir = process.argv[2];
if (dataDir !== undefined) guard(dataDir);
