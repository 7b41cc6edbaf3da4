import type { JournalEvent, NewEvent } from '../events.ts';
import type { EventQuery } from '../journal.ts';
import { type Counts, countEvents, mergeCounts, noCounts } from '../totals.ts';
import { type FinishedCall, isAlike } from './batch-text.ts';
import type { Batch, Opened, Retention } from './messages.ts';
import { writeRollups } from './rollup-tables.ts';
import type { Database, SqlRow, SqlValue } from './sqlite.ts';

/** Rows read or deleted at a time, so that commits never wait long for either. */
const chunkRows = 1_000;
/** Calls in one statement, where there are as many: each costs two thirds of a statement of its own, a third if alike. */
const callsAtOnce = 20;

/** Everything the daemon needs to know before its first event. */
export function readOpened(database: Database): Opened {
  const progress = database.get('SELECT seq, batch FROM progress');
  return {
    batchNumber: Number(progress?.['batch']),
    seq: Number(progress?.['seq']),
    counts: database
      .all('SELECT * FROM totals')
      .map((row) => [String(row['server']), toCounts(row)] as const),
    facts: database
      .all('SELECT kind, key, value FROM facts ORDER BY rowid')
      .map((row) => [String(row['kind']), String(row['key']), String(row['value'])] as const),
  };
}

/** Writes a batch in one transaction, unless it was written before; returns the number of the newest event. */
export function writeBatch(database: Database, number: number, batch: Batch): number {
  return database.transaction(() => {
    const progress = database.get('SELECT seq, batch FROM progress');
    let seq = Number(progress?.['seq']);
    if (Number(progress?.['batch']) >= number) return seq;
    seq = insertEvents(database, seq, batch.events);
    for (const [server, counts] of countEvents(batch.events)) addCounts(database, server, counts);
    for (const [server, counts] of batch.uncounted) addCounts(database, server, counts);
    writeRollups(database, batch);
    for (const [kind, key, value] of batch.facts) {
      if (value === null) database.run('DELETE FROM facts WHERE kind = ? AND key = ?', kind, key);
      else database.run('REPLACE INTO facts (kind, key, value) VALUES (?, ?, ?)', kind, key, value);
    }
    database.run('UPDATE progress SET seq = ?, batch = ?', seq, number);
    return seq;
  });
}

/** Numbers events from the one after `seq` on; returns the number of the last one. */
function insertEvents(database: Database, seq: number, events: readonly NewEvent[]): number {
  let last = seq;
  let calls: Numbered[] = [];
  for (const event of events) {
    last += 1;
    if (event.kind === 'call.finished') calls.push({ seq: last, call: event });
    else insertEvent(database, last, event);
    if (calls.length < callsAtOnce) continue;
    insertGroup(database, calls);
    calls = [];
  }
  for (const one of calls) database.run(insertOne, ...valuesOf([one]));
  return last;
}

interface Numbered {
  readonly seq: number;
  readonly call: FinishedCall;
}

const insertOne = 'INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
const insertMany = `${insertOne}${', (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'.repeat(callsAtOnce - 1)}`;
/** The seven texts are handed over once for all; then number, time and duration of each. */
const insertAlike = `INSERT INTO calls VALUES ${Array.from(
  { length: callsAtOnce },
  (_, row) => `(?${8 + 3 * row}, ?${9 + 3 * row}, ?1, ?2, ?3, ?4, ?5, ?6, ?${10 + 3 * row}, ?7)`,
).join(', ')}`;

function insertGroup(database: Database, group: readonly Numbered[]): void {
  const first = group[0]?.call;
  if (first === undefined || !group.every(({ call }) => isAlike(call, first))) {
    database.run(insertMany, ...valuesOf(group));
    return;
  }
  const { subject, method, name, session, client, outcome, why } = first;
  const values: SqlValue[] = [subject, method, name ?? null, session ?? null, client ?? null];
  values.push(outcome, why ?? null);
  for (const { seq, call } of group) values.push(seq, call.atMs, call.tookMs);
  database.run(insertAlike, ...values);
}

/** The values of all rows: lists of rows would have to be made flat again, which costs as much as it saves. */
function valuesOf(calls: readonly Numbered[]): SqlValue[] {
  const values: SqlValue[] = [];
  for (const { seq, call } of calls) {
    const { atMs, subject, method, name, session, client, outcome, tookMs, why } = call;
    values.push(seq, atMs, subject, method, name ?? null, session ?? null, client ?? null);
    values.push(outcome, tookMs, why ?? null);
  }
  return values;
}

function insertEvent(database: Database, seq: number, event: NewEvent): void {
  const { atMs, kind, subject, ...data } = event;
  const text = JSON.stringify(data);
  database.run('INSERT INTO events VALUES (?, ?, ?, ?, ?)', seq, atMs, kind, subject, text);
}

function addCounts(database: Database, server: string, counts: Counts): void {
  const row = database.get('SELECT * FROM totals WHERE server = ?', server);
  const sum = mergeCounts(row === undefined ? noCounts : toCounts(row), counts);
  database.run(
    'REPLACE INTO totals VALUES (?, ?, ?, ?, ?)',
    server,
    sum.calls,
    sum.failedCalls,
    sum.restarts,
    sum.deaths,
  );
}

function toCounts(row: SqlRow): Counts {
  return {
    calls: Number(row['calls']),
    failedCalls: Number(row['failed_calls']),
    restarts: Number(row['restarts']),
    deaths: Number(row['deaths']),
  };
}

/**
 * Newest first. With `sinceMs` it stops at a whole chunk of older events, so that a rare match never costs a walk
 * through the whole journal; only a clock that was set back by much can hide events behind such a chunk.
 */
export function listEvents(database: Database, query: EventQuery): JournalEvent[] {
  if (query.afterSeq !== undefined) return listForward(database, query, query.afterSeq);
  const limit = Math.max(0, Math.min(query.limit, 1_000));
  const found: JournalEvent[] = [];
  let beforeSeq = query.beforeSeq ?? Number.MAX_SAFE_INTEGER;
  const sinceMs = query.sinceMs ?? Number.NEGATIVE_INFINITY;
  while (found.length < limit) {
    const rows = query.sinceMs === undefined ? limit : chunkRows;
    const chunk = readChunk(database, { ...query, beforeSeq, limit: rows });
    const young = chunk.filter((event) => event.atMs >= sinceMs);
    found.push(...young.slice(0, limit - found.length));
    const oldest = chunk.at(-1);
    if (oldest === undefined || chunk.length < rows || young.length === 0) break;
    beforeSeq = oldest.seq;
  }
  return found;
}

/** Oldest first, so that a reader can go on where it stopped. */
function listForward(database: Database, query: EventQuery, afterSeq: number): JournalEvent[] {
  const limit = Math.max(0, Math.min(query.limit, chunkRows));
  const calls = database.all(
    'SELECT * FROM calls WHERE seq > ? ORDER BY seq LIMIT ?',
    ...[afterSeq, limit],
  );
  const events = database.all(
    'SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?',
    ...[afterSeq, limit],
  );
  return [...calls.map(toCall), ...events.map(toEvent)]
    .sort((one, other) => one.seq - other.seq)
    .slice(0, limit);
}

function readChunk(
  database: Database,
  query: EventQuery & { readonly beforeSeq: number },
): JournalEvent[] {
  const { kind, kinds, subject, beforeSeq, limit } = query;
  if (kinds !== undefined) {
    const { kinds: _all, ...one } = query;
    // Each kind has an index in order; all together would have to be sorted first.
    const each = kinds.flatMap((name) => readChunk(database, { ...one, kind: name }));
    return each.sort((left, right) => right.seq - left.seq).slice(0, limit);
  }
  const found: JournalEvent[] = [];
  const subjects = subject === undefined ? [] : [subject];
  if (kind === undefined || kind === 'call.finished' || kind === 'call.') {
    const where = subject === undefined ? '' : 'AND server = ?';
    const sql = `SELECT * FROM calls WHERE seq < ? ${where} ORDER BY seq DESC LIMIT ?`;
    found.push(...database.all(sql, beforeSeq, ...subjects, limit).map(toCall));
  }
  if (kind !== 'call.finished') {
    const kinds = kindCondition(kind);
    const where = `${subject === undefined ? '' : 'AND subject = ?'} ${kinds.sql}`;
    const sql = `SELECT * FROM events WHERE seq < ? ${where} ORDER BY seq DESC LIMIT ?`;
    const rows = database.all(sql, beforeSeq, ...subjects, ...kinds.values, limit);
    found.push(...rows.map(toEvent));
  }
  return found.sort((one, other) => other.seq - one.seq).slice(0, limit);
}

function kindCondition(kind: string | undefined): { sql: string; values: readonly SqlValue[] } {
  if (kind === undefined) return { sql: '', values: [] };
  if (!kind.endsWith('.')) return { sql: 'AND kind = ?', values: [kind] };
  // '/' is the character after '.': the range holds exactly what begins with the prefix.
  return { sql: 'AND kind >= ? AND kind < ?', values: [kind, `${kind.slice(0, -1)}/`] };
}

function toEvent(row: SqlRow): JournalEvent {
  const { seq, at_ms: atMs, kind, subject, data } = row;
  return { seq, atMs, kind, subject, ...JSON.parse(String(data)) };
}

function toCall(row: SqlRow): JournalEvent {
  const { seq, at_ms: atMs, server, took_ms: tookMs, ...texts } = row;
  const given = Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== null));
  return { seq, atMs, kind: 'call.finished', subject: server, tookMs, ...given } as JournalEvent;
}

/** Deletes at most one chunk of each table, oldest first; true when there may be more to delete. */
export function deleteChunk(database: Database, retention: Retention): boolean {
  const newestSeq = Number(database.get('SELECT seq FROM progress')?.['seq']);
  const values = [chunkRows, newestSeq - retention.maxEvents, retention.beforeMs];
  const calls = database.run(deleteSql('calls'), ...values).changes;
  const events = database.run(deleteSql('events'), ...values).changes;
  return calls === chunkRows || events === chunkRows;
}

function deleteSql(table: 'calls' | 'events'): string {
  return `DELETE FROM ${table} WHERE seq IN (SELECT seq FROM ${table} ORDER BY seq LIMIT ?)
    AND (seq <= ? OR at_ms < ?)`;
}
