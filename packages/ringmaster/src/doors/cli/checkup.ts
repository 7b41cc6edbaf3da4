import { execFileSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatBytes, formatDuration, formatTime, localOffsetMinutes } from './format.ts';
import type { Terminal } from './terminal.ts';

/** How a check went: `fail` keeps Ringmaster from working, `warn` is worth a look. */
export type Verdict = 'pass' | 'warn' | 'fail';

/** One thing that was looked at; `found` and `hint` are sentences in the language that is spoken. */
export interface Finding {
  readonly check:
    | 'node'
    | 'pipes'
    | 'fleet'
    | 'commands'
    | 'dataDir'
    | 'disk'
    | 'port'
    | 'daemon'
    | 'guardian'
    | 'leftovers'
    | 'clock'
    | 'limits'
    | 'orphans';
  readonly verdict: Verdict;
  readonly found: string;
  readonly hint?: string;
}

/** Oldest Node that runs us; the same as `engines` in package.json. */
const nodeNeeded = [20, 19] as const;

/** Whether this Node and this system are ours. */
export function checkNode(terminal: Terminal, version = process.versions.node): Finding {
  const { say } = terminal;
  const { platform } = process;
  const found = say('doctor.node.found', { version, platform });
  if (!isNewEnough(version)) {
    const hint = say('doctor.node.hint', { needed: nodeNeeded.join('.') });
    return { check: 'node', verdict: 'fail', found, hint };
  }
  const isKnown = platform === 'linux' || platform === 'darwin';
  return isKnown
    ? { check: 'node', verdict: 'pass', found }
    : { check: 'node', verdict: 'fail', found, hint: say('doctor.platform.hint') };
}

/** Whether a version of Node, `major.minor.patch`, runs us. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > nodeNeeded[0] || (major === nodeNeeded[0] && minor >= nodeNeeded[1]);
}

/** Whether named pipes can be made where the servers' pipes lie. */
export function checkPipes(dataDir: string, { say }: Terminal): Finding {
  const folder = [join(dataDir, 'run'), dataDir].find((path) => existsSync(path)) ?? tmpdir();
  let trial: string | undefined;
  try {
    trial = mkdtempSync(join(folder, 'doctor-'));
    execFileSync('mkfifo', ['-m', '600', join(trial, 'pipe')], { stdio: 'pipe' });
    return { check: 'pipes', verdict: 'pass', found: say('doctor.pipes.work') };
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    const found = say('doctor.pipes.fail', { folder, why });
    return { check: 'pipes', verdict: 'fail', found, hint: say('doctor.pipes.hint') };
  } finally {
    if (trial !== undefined) rmSync(trial, { recursive: true, force: true });
  }
}

/** Whether the data folder is ours alone and can be written. */
export function checkDataDir(dataDir: string, { say }: Terminal): Finding {
  const info = statSync(dataDir, { throwIfNoEntry: false });
  const writable = isWritable(info === undefined ? nearestFolder(dataDir) : dataDir);
  if (!writable) {
    const found = say('doctor.dataDir.closed', { dataDir });
    return { check: 'dataDir', verdict: 'fail', found, hint: say('doctor.dataDir.closedHint') };
  }
  if (info === undefined) {
    return { check: 'dataDir', verdict: 'pass', found: say('doctor.dataDir.new', { dataDir }) };
  }
  const mode = (info.mode & 0o777).toString(8).padStart(4, '0');
  if ((info.mode & 0o077) === 0) {
    const found = say('doctor.dataDir.fine', { dataDir, mode });
    return { check: 'dataDir', verdict: 'pass', found };
  }
  const found = say('doctor.dataDir.open', { dataDir, mode });
  const hint = say('doctor.dataDir.openHint', { command: `chmod 700 '${dataDir}'` });
  return { check: 'dataDir', verdict: 'warn', found, hint };
}

/** Whether the disk of the data folder has room. */
export function checkDisk(dataDir: string, { say }: Terminal): Finding {
  const { bavail, blocks, bsize } = statfsSync(nearestFolder(dataDir));
  const [freeBytes, totalBytes] = [bavail * bsize, blocks * bsize];
  const verdict = judgeDisk(freeBytes, totalBytes);
  const found = say('doctor.disk.found', {
    free: formatBytes(freeBytes),
    total: formatBytes(totalBytes),
  });
  return verdict === 'pass'
    ? { check: 'disk', verdict, found }
    : { check: 'disk', verdict, found, hint: say('doctor.disk.hint') };
}

/** Below 5 % or 100 MB nothing is safe; below 10 % or 1 GB it is time to look. */
export function judgeDisk(freeBytes: number, totalBytes: number): Verdict {
  const share = totalBytes > 0 ? freeBytes / totalBytes : 1;
  if (freeBytes < 100e6 || (share < 0.05 && freeBytes < 5e9)) return 'fail';
  return freeBytes < 1e9 || (share < 0.1 && freeBytes < 10e9) ? 'warn' : 'pass';
}

/** Whether the clock can be right, and does not lie behind what was written last. */
export function checkClock(dataDir: string, terminal: Terminal): Finding {
  const { say, language } = terminal;
  const nowMs = terminal.nowMs();
  const newest = ['journal.db', 'journal.db-wal', 'run/instances.json'].map(
    (name) => statSync(join(dataDir, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  const aheadMs = Math.max(...newest) - nowMs;
  const time = formatTime(nowMs, localOffsetMinutes(nowMs));
  const hint = say('doctor.clock.hint');
  switch (judgeClock(nowMs, aheadMs)) {
    case 'pass':
      return { check: 'clock', verdict: 'pass', found: say('doctor.clock.fine', { time }) };
    case 'warn': {
      const duration = formatDuration(aheadMs, language);
      const found = say('doctor.clock.ahead', { time, duration });
      return { check: 'clock', verdict: 'warn', found, hint };
    }
    case 'fail':
      return { check: 'clock', verdict: 'fail', found: say('doctor.clock.wrong', { time }), hint };
  }
}

/** No machine that runs us lives before this: a clock that says so was never set. */
const earliestMs = Date.UTC(2025, 0, 1);
/** Files may be this much newer than the clock: file systems and clocks round differently. */
const slackMs = 5_000;

/** `aheadMs` is how much newer than now the newest file is. */
export function judgeClock(nowMs: number, aheadMs: number): Verdict {
  if (nowMs < earliestMs) return 'fail';
  return aheadMs > slackMs ? 'warn' : 'pass';
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folder itself, or the nearest one above it that exists. */
function nearestFolder(path: string): string {
  let folder = path;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
