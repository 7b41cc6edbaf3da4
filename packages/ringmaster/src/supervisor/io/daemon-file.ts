import { homedir } from 'node:os';
import { join } from 'node:path';
import { startTimeOf } from './process-table.ts';
import { replaceFile, runPaths, stampedRecord } from './state-file.ts';

/** Writes where this daemon is found; commands read it, and prove it by pid and start time. */
export function writeDaemonRecord(
  dataDir: string,
  facts: {
    readonly host: string;
    readonly port: number;
    readonly version: string;
    readonly file: string;
  },
): void {
  const startTime = startTimeOf(process.pid) ?? '';
  replaceFile(runPaths(dataDir).daemon, stampedRecord({ pid: process.pid, startTime, ...facts }));
}

/** Where a fleet's data is kept if nobody says otherwise: `$XDG_STATE_HOME/ringmaster/<fleet>`. */
export function defaultDataDir(fleet: string): string {
  const state = process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  return join(state, 'ringmaster', fleet);
}
