import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../errors.ts';
import { parseRunRecord, type RunRecord } from '../record.ts';

/**
 * Replaces a small file as a whole: a reader sees the old or the new, never half. Mode 0600. Throws `data_unwritable`,
 * for instance when the disk is full.
 */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.new`;
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new Problem('data_unwritable', `Cannot write ${path}`, { cause });
  }
}

/** Paths below a data directory that more than one file of this room needs. */
export function runPaths(dataDir: string) {
  const run = join(dataDir, 'run');
  return {
    run,
    instances: join(run, 'instances.json'),
    daemon: join(run, 'daemon.json'),
    owner: join(run, 'owner'),
    pipes: join(run, 'pipes'),
    guardianPipe: join(run, 'guardian'),
    guardian: join(run, 'guardian.json'),
    logs: join(dataDir, 'logs'),
  };
}

/**
 * Makes the folders of a data directory, mode 0700. Throws `data_unwritable` when they, or files of an earlier daemon in
 * them, are not ours to write.
 */
export function makeDataDir(dataDir: string): void {
  const { run, instances } = runPaths(dataDir);
  const found = [run, instances, join(run, 'lock.db'), join(dataDir, 'journal.db')];
  try {
    mkdirSync(run, { recursive: true, mode: 0o700 });
    for (const path of found) if (existsSync(path)) accessSync(path, constants.W_OK);
    accessSync(dataDir, constants.W_OK);
  } catch (cause) {
    throw new Problem('data_unwritable', `Cannot use the data folder ${dataDir}`, { cause });
  }
}

/**
 * The text of a record of processes, with the start of the machine it holds for: pids and start times begin anew with
 * the next one, and a machine that starts alike each time gives the same ones to others.
 */
export function stampedRecord(record: object): string {
  return JSON.stringify({ ...record, boot: bootId() });
}

/** Whether it was written since the machine started; one without a stamp is of an older version, which had none. */
function isOfThisBoot(record: object): boolean {
  return !('boot' in record) || record.boot === bootId();
}

let knownBoot: string | undefined;

/** The random id of this start of the machine (proc(5), random/boot_id); empty on macOS, where start times are dates. */
function bootId(): string {
  knownBoot ??= readBootId();
  return knownBoot;
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/**
 * What the last daemon recorded, without instances when the machine was started since; undefined when there was none or
 * the file is damaged (the marks still find strays).
 */
export function readRunRecord(dataDir: string): RunRecord | undefined {
  try {
    const record = parseRunRecord(readFileSync(runPaths(dataDir).instances, 'utf8'));
    return record === undefined || isOfThisBoot(record) ? record : { ...record, instances: [] };
  } catch {
    return undefined;
  }
}

/** Number of the life that begins now: starts of the daemon on this data directory, the coming one included. */
export function nextLife(dataDir: string): number {
  return (readRunRecord(dataDir)?.life ?? 0) + 1;
}

/** Replaces the record of what runs. */
export function writeRunRecord(dataDir: string, record: RunRecord): void {
  replaceFile(runPaths(dataDir).instances, stampedRecord(record));
}

/** The random id of a data directory, made at first use: marks begin with it. */
export function ownerOf(dataDir: string): string {
  const { run, owner } = runPaths(dataDir);
  const known = readOwner(dataDir);
  if (known !== undefined) return known;
  mkdirSync(run, { recursive: true, mode: 0o700 });
  const made = randomUUID();
  replaceFile(owner, made);
  return made;
}

/** The random id of a data directory; undefined when no daemon ever used it. */
export function readOwner(dataDir: string): string | undefined {
  try {
    return readFileSync(runPaths(dataDir).owner, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Who is (or was) the daemon of a data directory: `run/daemon.json`. */
export interface DaemonRecord {
  readonly pid: number;
  readonly startTime: string;
  readonly port: number;
  readonly host: string;
  readonly version: string;
  readonly file: string;
}

/** Undefined when none is recorded since the machine started; the caller checks whether it lives. */
export function readDaemonRecord(dataDir: string): DaemonRecord | undefined {
  return readProcessRecord(runPaths(dataDir).daemon);
}

/** The guardian of a data directory: `run/guardian.json`; undefined when none was since the machine started. */
export function readGuardianRecord(
  dataDir: string,
): Pick<DaemonRecord, 'pid' | 'startTime'> | undefined {
  return readProcessRecord(runPaths(dataDir).guardian);
}

function readProcessRecord(path: string): DaemonRecord | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isDaemonRecord(parsed) && isOfThisBoot(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isDaemonRecord(value: unknown): value is DaemonRecord {
  if (typeof value !== 'object' || value === null) return false;
  return 'pid' in value && typeof value.pid === 'number' && 'startTime' in value;
}
