import { createRequire } from 'node:module';

/** What a column holds here; no binary values. */
export type SqlValue = string | number | null;
/** A row by the names of its columns. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** One open SQLite file. Statements are prepared once by their text, so texts must be constants. */
export interface Database {
  run(sql: string, ...values: readonly SqlValue[]): { readonly changes: number };
  get(sql: string, ...values: readonly SqlValue[]): SqlRow | undefined;
  all(sql: string, ...values: readonly SqlValue[]): SqlRow[];
  /** Runs one or more statements without values. */
  execute(sql: string): void;
  /** Commits what `work` did, or nothing of it when it throws. */
  transaction<Result>(work: () => Result): Result;
  close(): void;
}

interface Statement {
  run(...values: readonly SqlValue[]): { readonly changes: number | bigint };
  get(...values: readonly SqlValue[]): SqlRow | undefined;
  all(...values: readonly SqlValue[]): SqlRow[];
}
interface Driver {
  readonly DatabaseSync: new (
    path: string,
  ) => {
    prepare(sql: string): Statement;
    exec(sql: string): void;
    close(): void;
  };
}

/** How long a statement waits for another process that holds the file, such as a backup. */
const busyTimeoutMs = 5_000;

/** Opens the file, or creates it when its folder is there; changes nothing in it. Throws what SQLite says. */
export function openDatabase(path: string): Database {
  const driver = loadDriver();
  const file = new driver.DatabaseSync(path);
  const statements = new Map<string, Statement>();
  const prepared = (sql: string): Statement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = file.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  file.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  return {
    run: (sql, ...values) => ({ changes: Number(prepared(sql).run(...values).changes) }),
    get: (sql, ...values) => prepared(sql).get(...values),
    all: (sql, ...values) => prepared(sql).all(...values),
    execute: (sql) => file.exec(sql),
    transaction(work) {
      file.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        file.exec('COMMIT');
        return result;
      } catch (error) {
        rollBack(() => file.exec('ROLLBACK'));
        throw error;
      }
    },
    close() {
      statements.clear();
      file.close();
    },
  };
}

/** SQLite rolls back by itself after some errors (disk full); then there is nothing left to roll back. */
function rollBack(execute: () => void): void {
  try {
    execute();
  } catch {
    // The error that led here is the one to report.
  }
}

/** Node's own SQLite from 22.13 on; before that, a package with the same interface. */
function loadDriver(): Driver {
  const warn = process.emitWarning;
  // Node 22 warns that its SQLite is experimental; every other warning passes.
  process.emitWarning = ((warning: string | Error, ...rest: []) => {
    if (!String(warning).includes('SQLite is an experimental feature')) warn(warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    const own = process.getBuiltinModule?.('node:sqlite' as string) as Driver | undefined;
    return own ?? (createRequire(import.meta.url)('@photostructure/sqlite') as Driver);
  } finally {
    process.emitWarning = warn;
  }
}
