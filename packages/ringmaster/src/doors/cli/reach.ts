import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../errors.ts';
import { type Address, createClient, type DaemonClient } from './client.ts';
import { seeDaemon } from './daemon-record.ts';
import type { Flags } from './invocation.ts';
import { findDataDir, findFleetFile, knownDataDirs, requireFleetFile } from './locate.ts';
import type { Terminal } from './terminal.ts';
import { ownVersion } from './version.ts';

/** Where the daemon a command is about keeps its data; it need not run. */
export async function dataDirOf(flags: Flags, terminal: Terminal): Promise<string> {
  if (flags.dataDir !== undefined) return findDataDir(flags, '', terminal);
  const file = findFleetFile(flags, terminal);
  if (file !== undefined) return findDataDir(flags, file, terminal);
  // Away from any fleet file the only daemon that runs is the one that is meant.
  const running = knownDataDirs(terminal).filter((folder) => seeDaemon(folder).kind === 'running');
  const [only, ...others] = running;
  if (only !== undefined && others.length === 0) {
    terminal.detail(terminal.say('daemon.onlyOne', { dataDir: only }));
    return only;
  }
  if (only !== undefined) {
    throw new Problem('bad_usage', terminal.say('daemon.several', { folders: running.join(', ') }));
  }
  return findDataDir(flags, requireFleetFile(flags, terminal), terminal);
}

/** Where the daemon listens: at `--port`, else where it says it does; a Problem when none runs. */
export async function findAddress(flags: Flags, terminal: Terminal): Promise<Address> {
  if (flags.port !== undefined && flags.dataDir === undefined) {
    return { host: '127.0.0.1', port: flags.port };
  }
  const dataDir = await dataDirOf(flags, terminal);
  const seen = seeDaemon(dataDir);
  switch (seen.kind) {
    case 'running':
      sayVersion(seen.record.version, terminal);
      sayFile(seen.record.file, flags, terminal);
      return { host: seen.record.host, port: flags.port ?? seen.record.port };
    case 'dead':
      throw new Problem(
        'daemon_unreachable',
        terminal.say('daemon.dead', { pid: seen.record.pid, dataDir }),
      );
    case 'absent':
      throw new Problem(
        'daemon_unreachable',
        terminal.say('daemon.absent', { record: join(dataDir, 'run', 'daemon.json') }),
      );
  }
}

/** A client for the daemon that the flags mean. */
export async function reachDaemon(flags: Flags, terminal: Terminal): Promise<DaemonClient> {
  return createClient(await findAddress(flags, terminal), terminal.say);
}

/** Two fleet files of one name share a data folder, and a person should know whose daemon answers. */
function sayFile(theirs: string, flags: Flags, terminal: Terminal): void {
  const ours = flags.dataDir === undefined ? findFleetFile(flags, terminal) : undefined;
  if (ours !== undefined && theirs !== '' && realPath(theirs) !== realPath(ours)) {
    terminal.note(terminal.say('daemon.otherFile', { theirs, ours }));
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Gone since the daemon read it; its name is all there is to compare.
    return path;
  }
}

function sayVersion(version: string, terminal: Terminal): void {
  const ours = ownVersion();
  if (version !== ours) {
    terminal.note(terminal.say('daemon.otherVersion', { theirs: version, ours }));
  }
}
