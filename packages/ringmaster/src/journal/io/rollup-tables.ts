import {
  type CallRollup,
  callFigures,
  mergeCallRollups,
  rollUpCalls,
  slowerOfBoth,
} from '../call-rollups.ts';
import type { NewEvent } from '../events.ts';
import type { CallsTogether, MetricsQuery, StoredCalls, StoredRollups } from '../journal.ts';
import { type MetricName, machineSubject } from '../metrics.ts';
import {
  finestStepMs,
  mergeRollups,
  rollupSteps,
  rollupsOfText,
  stretchStartMs,
  textOfRollups,
} from '../rollups.ts';
import type { RollupStretch } from '../waiting-rollups.ts';
import type { Retention } from './messages.ts';
import type { Database, SqlRow, SqlValue } from './sqlite.ts';

type Table = 'samples' | 'call_samples';

/** Rows deleted at a time, so that commits never wait long. */
const chunkRows = 1_000;
/** Most rows in one answer. */
const maxRows = 50_000;

/** Adds samples and finished calls to the roll-ups of every step. */
export function writeRollups(
  database: Database,
  told: { readonly samples: readonly RollupStretch[]; readonly events: readonly NewEvent[] },
): void {
  for (const { subject, startMs, rollups } of told.samples) {
    const merge = (text: string | undefined) =>
      textOfRollups(text === undefined ? rollups : mergeRollups(rollupsOfText(text), rollups));
    addToSteps(database, { table: 'samples', subject, startMs }, merge);
  }
  for (const { server, startMs, rollup } of rollUpCalls(told.events, finestStepMs)) {
    const merge = (text: string | undefined) =>
      textOfCalls(text === undefined ? rollup : mergeCallRollups(callsOfText(text), rollup));
    addToSteps(database, { table: 'call_samples', subject: server, startMs }, merge);
  }
}

function addToSteps(
  database: Database,
  where: { readonly table: Table; readonly subject: string; readonly startMs: number },
  merge: (text: string | undefined) => string,
): void {
  const { table, subject } = where;
  for (const { stepMs } of rollupSteps) {
    const key = [stepMs, subject, stretchStartMs(where.startMs, stepMs)] as const;
    const row = database.get(
      `SELECT data FROM ${table} WHERE step_ms = ? AND subject = ? AND at_ms = ?`,
      ...key,
    );
    const text = merge(row === undefined ? undefined : String(row['data']));
    database.run(`REPLACE INTO ${table} VALUES (?, ?, ?, ?)`, ...key, text);
  }
}

/** Roll-ups of samples in the order of subject and time. */
export function readSamples(database: Database, query: MetricsQuery): StoredRollups[] {
  return rowsOfSamples(database, query).map((row) => {
    const rollups = rollupsOfText(String(row['data']));
    const only = query.metric === undefined ? undefined : rollups[query.metric as MetricName];
    return {
      subject: String(row['subject']),
      atMs: Number(row['at_ms']),
      rollups:
        query.metric === undefined ? rollups : only === undefined ? {} : { [query.metric]: only },
    };
  });
}

function rowsOfSamples(database: Database, query: MetricsQuery): SqlRow[] {
  const { largest, metric, stepMs } = query;
  if (largest === undefined || metric === undefined) return readRows(database, 'samples', query);
  const subjects = database.all(
    largestSql,
    ...[`$.${metric}`, stepMs, stretchStartMs(query.fromMs, stepMs), query.toMs],
    ...[JSON.stringify(largest.of), largest.count],
  );
  return subjects
    .map((row) => String(row['subject']))
    .sort()
    .flatMap((subject) => readRows(database, 'samples', { ...query, subject }));
}

/** The subjects in which a figure reached the highest; a figure is written as `textOfRollups` says. */
const largestSql = `
  SELECT subject FROM samples
  WHERE step_ms = ?2 AND at_ms >= ?3 AND at_ms <= ?4
    AND subject IN (SELECT value FROM json_each(?5))
  GROUP BY subject
  ORDER BY max(CASE json_type(data, ?1)
    WHEN 'array' THEN coalesce(json_extract(data, ?1 || '[3]'), json_extract(data, ?1 || '[1]'))
    ELSE json_extract(data, ?1) END) DESC
  LIMIT ?6`;

/** Calls of these servers together, in the order of time. */
export function readCallsTogether(
  database: Database,
  query: MetricsQuery,
  of: readonly string[],
): CallsTogether[] {
  const { stepMs, fromMs, toMs } = query;
  const range = [stepMs, stretchStartMs(fromMs, stepMs), toMs] as const;
  return database.all(togetherSql, ...range, JSON.stringify(of), maxRows).map((row) => {
    const texts: readonly CallsText[] = JSON.parse(String(row['calls']));
    const figures = texts.map((text) => callFigures(fromText(text)));
    return { atMs: Number(row['at_ms']), ...figures.reduce(slowerOfBoth) };
  });
}

/** A row a step, which holds the calls of all servers: rows of each server cost eight times as much to hand over. */
const togetherSql = `
  SELECT at_ms, '[' || group_concat(data) || ']' AS calls FROM call_samples
  WHERE step_ms = ? AND at_ms >= ? AND at_ms <= ? AND subject IN (SELECT value FROM json_each(?))
  GROUP BY at_ms ORDER BY at_ms LIMIT ?`;

/** Roll-ups of calls in the order of server and time. */
export function readCalls(database: Database, query: MetricsQuery): StoredCalls[] {
  return readRows(database, 'call_samples', query).map((row) => ({
    server: String(row['subject']),
    atMs: Number(row['at_ms']),
    rollup: callsOfText(String(row['data'])),
  }));
}

function readRows(database: Database, table: Table, query: MetricsQuery): SqlRow[] {
  const { stepMs, subject } = query;
  const fromMs = stretchStartMs(query.fromMs, stepMs);
  const range = [stepMs, fromMs, query.toMs, maxRows] as const;
  const select = `SELECT subject, at_ms, data FROM ${table} WHERE step_ms = ?`;
  const order = 'AND at_ms >= ? AND at_ms <= ? ORDER BY subject, at_ms LIMIT ?';
  if (subject === undefined)
    return database.all(`${select} AND subject <> '${machineSubject}' ${order}`, ...range);
  const [step, ...rest]: readonly SqlValue[] = range;
  return database.all(`${select} AND subject = ? ${order}`, step ?? 0, subject, ...rest);
}

/** Deletes at most one chunk of each table and step, oldest first; true when there may be more to delete. */
export function deleteOldRollups(
  database: Database,
  { nowMs, maxStretches }: Pick<Retention, 'nowMs' | 'maxStretches'>,
): boolean {
  let hasMore = false;
  for (const table of ['samples', 'call_samples'] as const) {
    for (const { stepMs, keepMs } of rollupSteps) {
      const { changes } = database.run(
        `DELETE FROM ${table} WHERE (step_ms, subject, at_ms) IN (
          SELECT step_ms, subject, at_ms FROM ${table} WHERE step_ms = ? AND at_ms < ?
          ORDER BY at_ms LIMIT ?)`,
        stepMs,
        oldestKeptMs(database, { table, stepMs, maxStretches, fromMs: nowMs - keepMs }),
        chunkRows,
      );
      hasMore ||= changes === chunkRows;
    }
  }
  return hasMore;
}

/** By age, or later when there are too many. Counts from the newest on along an index: 20 ms at the limit. */
function oldestKeptMs(
  database: Database,
  of: {
    readonly table: Table;
    readonly stepMs: number;
    readonly maxStretches: number;
    readonly fromMs: number;
  },
): number {
  const row = database.get(
    `SELECT at_ms FROM ${of.table} WHERE step_ms = ? ORDER BY at_ms DESC LIMIT 1 OFFSET ?`,
    of.stepMs,
    of.maxStretches - 1,
  );
  return Math.max(of.fromMs, Number(row?.['at_ms'] ?? of.fromMs));
}

function textOfCalls({ calls, failed, sumMs, maxMs, buckets }: CallRollup): string {
  return JSON.stringify([calls, failed, sumMs, maxMs, buckets]);
}

type CallsText = readonly [
  calls: number,
  failed: number,
  sumMs: number,
  maxMs: number,
  buckets: CallRollup['buckets'],
];

function callsOfText(text: string): CallRollup {
  return fromText(JSON.parse(text));
}

function fromText([calls, failed, sumMs, maxMs, buckets]: CallsText): CallRollup {
  return { calls, failed, sumMs, maxMs, buckets };
}
