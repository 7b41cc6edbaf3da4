import { findOrphans, type KnownServer, type Orphan, type ProcessFacts } from '../orphans.ts';
import { sendSignal } from './end-processes.ts';
import { readProcessFacts } from './process-facts.ts';
import { isSameProcess, readProcessTable } from './process-table.ts';
import { readDaemonRecord, readGuardianRecord, readOwner } from './state-file.ts';

/**
 * MCP servers on this machine that nobody supervises. `dataDirs` are those of known daemons; others are found by
 * their processes.
 */
export function scanOrphans(about: {
  readonly known: readonly KnownServer[];
  readonly dataDirs: readonly string[];
  readonly nowMs: number;
}): Orphan[] {
  const rows = readProcessFacts(about.nowMs);
  const dataDirs = new Set([...about.dataDirs, ...rows.flatMap(namedDir)]);
  const living = new Set([...dataDirs].filter(isSupervised).map(readOwner));
  return findOrphans(rows, {
    known: about.known,
    isOwnerAlive: (owner) => living.has(owner),
  });
}

/** The data directory that a guardian or a daemon names in its command line; each daemon has a guardian. */
function namedDir({ words }: ProcessFacts): string[] {
  const isGuardian = /\/guardian\.js$/.test(words.at(-2) ?? '');
  const named = isGuardian ? words.at(-1) : words[words.indexOf('--data-dir') + 1];
  const isOurs = isGuardian || words.some((word) => /(^|\/)ringmaster(\.js)?$/.test(word));
  return isOurs && named?.startsWith('/') === true ? [named] : [];
}

/** Whether the daemon of a data directory lives, or its guardian, which ends the servers when no daemon comes back. */
function isSupervised(dataDir: string): boolean {
  return [readDaemonRecord(dataDir), readGuardianRecord(dataDir)].some(
    (record) => record !== undefined && isSameProcess(record.pid, record.startTime),
  );
}

const pollMs = 50;
/** From SIGTERM to SIGKILL. */
const graceMs = 5_000;
/** Longest wait for a killed process to go; one in an uninterruptible system call may stay. */
const killWaitMs = 2_000;

/**
 * Ends an orphan with everything below it; each pid is checked by start time right before it is signalled. Resolves
 * with whether nothing of it runs any more.
 */
export async function endOrphan(orphan: Pick<Orphan, 'processes'>): Promise<boolean> {
  const members = new Map(orphan.processes.map(({ pid, startTime }) => [pid, startTime]));
  const living = () => {
    for (const row of readProcessTable()) {
      if (row.state === 'Z' || row.pid === process.pid || members.has(row.pid)) continue;
      // What it starts while it ends belongs to it too.
      const parentStartTime = members.get(row.parentPid);
      if (parentStartTime !== undefined && isSameProcess(row.parentPid, parentStartTime))
        members.set(row.pid, row.startTime);
    }
    return [...members].filter(([pid, startTime]) => isSameProcess(pid, startTime));
  };
  const signal = (name: NodeJS.Signals) => {
    for (const [pid] of living()) sendSignal(pid, name);
  };
  signal('SIGTERM');
  for (let waitedMs = 0; waitedMs < graceMs + killWaitMs; waitedMs += pollMs) {
    if (living().length === 0) return true;
    if (waitedMs >= graceMs) signal('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return living().length === 0;
}
