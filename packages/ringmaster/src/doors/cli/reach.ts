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

function sayVersion(version: string, terminal: Terminal): void {
  const ours = ownVersion();
  if (version !== ours) {
    terminal.note(terminal.say('daemon.otherVersion', { theirs: version, ours }));
  }
}
