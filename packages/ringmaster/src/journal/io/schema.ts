import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Database, openDatabase } from './sqlite.ts';

/** Marks the file as a journal of ours ('RMJL'), so that no other program's database is ever written to. */
const applicationId = 0x52_4d_4a_4c;

/**
 * Each entry brings the schema one version further; entries are never changed, only added.
 * Calls have a lean table of their own: they are nearly all events, so the rare ones stay cheap to find among
 * thousands of calls, and a call costs one index instead of two. An index on one column is one on (column, seq).
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY, at_ms REAL, kind TEXT, subject TEXT, data TEXT
  ) STRICT;
  CREATE INDEX events_by_subject ON events (subject);
  CREATE INDEX events_by_kind ON events (kind);
  CREATE TABLE calls (
    seq INTEGER PRIMARY KEY, at_ms REAL, server TEXT, method TEXT, name TEXT, session TEXT,
    client TEXT, outcome TEXT, took_ms REAL, why TEXT
  ) STRICT;
  CREATE INDEX calls_by_server ON calls (server);
  CREATE TABLE totals (
    server TEXT PRIMARY KEY, calls INTEGER, failed_calls INTEGER, restarts INTEGER, deaths INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE facts (kind TEXT, key TEXT, value TEXT, PRIMARY KEY (kind, key)) STRICT;
  CREATE TABLE progress (
    only INTEGER PRIMARY KEY CHECK (only = 1), seq INTEGER, batch INTEGER
  ) STRICT;
  INSERT INTO progress VALUES (1, 0, 0);
  PRAGMA application_id = ${applicationId};
  `,
  `
  CREATE TABLE samples (
    step_ms INTEGER, subject TEXT, at_ms INTEGER, data TEXT, PRIMARY KEY (step_ms, subject, at_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX samples_by_age ON samples (step_ms, at_ms);
  CREATE TABLE call_samples (
    step_ms INTEGER, subject TEXT, at_ms INTEGER, data TEXT, PRIMARY KEY (step_ms, subject, at_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX call_samples_by_age ON call_samples (step_ms, at_ms);
  `,
];

/** Opens the journal's file, created with mode 0600 or brought to the newest schema; throws when it is not ours. */
export function openJournalFile(path: string): Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  const database = openDatabase(path);
  try {
    const version = checkOwner(database);
    database.execute('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    migrate(database, version);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The schema version of the file, 0 for an empty one; nothing is written before this has passed. */
function checkOwner(database: Database): number {
  const number = (sql: string): number => Number(Object.values(database.get(sql) ?? {})[0] ?? 0);
  const owner = number('PRAGMA application_id');
  const version = number('PRAGMA user_version');
  const tables = number('SELECT count(*) FROM sqlite_schema');
  if (owner !== applicationId && (owner !== 0 || version !== 0 || tables !== 0)) {
    throw new Error('it is the database of another program');
  }
  if (version > migrations.length) {
    throw new Error(
      `it has schema version ${version}, needed at most ${migrations.length}: a newer Ringmaster wrote it`,
    );
  }
  return version;
}

function migrate(database: Database, fromVersion: number): void {
  migrations.slice(fromVersion).forEach((migration, index) => {
    database.transaction(() => {
      database.execute(migration);
      database.execute(`PRAGMA user_version = ${fromVersion + index + 1}`);
    });
  });
}
