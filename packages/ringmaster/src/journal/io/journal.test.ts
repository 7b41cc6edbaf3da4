import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Clock } from '../../clock.ts';
import { Problem } from '../../errors.ts';
import { type EventKind, eventKinds, type NewEvent } from '../events.ts';
import type { Journal } from '../journal.ts';
import { type JournalSettings, openJournal } from './journal.ts';
import { openDatabase } from './sqlite.ts';

const clock: Clock = {
  nowMs: () => Date.now(),
  tickMs: () => performance.now(),
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs);
    return () => clearTimeout(timer);
  },
};

function newPath(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-journal-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'data', 'journal.db');
}

/** Opens it, and closes it when the test ends however it ends. */
async function open(
  context: TestContext,
  path: string,
  more: Partial<JournalSettings> = {},
): Promise<Journal> {
  const settings = { path, clock, keepMs: 1e13, maxEvents: 1_000_000, ...more };
  const journal = await openJournal(settings);
  context.after(() => journal.close());
  return journal;
}

const call = (atMs: number, server = 'files'): NewEvent => ({
  atMs,
  kind: 'call.finished',
  subject: server,
  method: 'tools/call',
  outcome: 'ok',
  tookMs: 1.5,
});
const sick = (atMs: number, server = 'files'): NewEvent => ({
  atMs,
  kind: 'instance.sick',
  subject: server,
  index: 0,
  generation: 1,
  why: 'three probes failed',
});
const times = (events: readonly { readonly atMs: number }[]) => events.map((event) => event.atMs);

const at = { atMs: 1_700_000_000_000, subject: 'files' } as const;
const instance = { index: 0, generation: 3 } as const;
const alerted = { key: 'down/files', rule: 'down', severity: 'high' } as const;
const oneOfEach: { readonly [K in EventKind]: NewEvent & { readonly kind: K } } = {
  'daemon.started': { ...at, kind: 'daemon.started', pid: 7, version: '1', life: 2, port: 7464 },
  'daemon.stopped': { ...at, kind: 'daemon.stopped', why: 'asked' },
  'fleet.applied': {
    ...at,
    kind: 'fleet.applied',
    revision: 4,
    file: 'ringmaster.yaml',
    actions: [{ action: 'start', server: 'files', why: 'new' }],
  },
  'fleet.rejected': {
    ...at,
    kind: 'fleet.rejected',
    file: 'f.yaml',
    problems: ['line 3 « ü 日本'],
  },
  'instance.starting': {
    ...{ ...at, ...instance, kind: 'instance.starting', why: 'wanted' },
    isRestart: true,
  },
  'instance.spawned': { ...at, ...instance, kind: 'instance.spawned', pid: 9 },
  'instance.ready': { ...at, ...instance, kind: 'instance.ready', pid: 9, tookMs: 12.5 },
  'instance.sick': { ...at, ...instance, kind: 'instance.sick', why: 'late' },
  'instance.overLimit': {
    ...{ ...at, ...instance, kind: 'instance.overLimit', why: 'used 620 MB' },
    ...{ resource: 'memoryBytes', value: 620_000_000, limit: 500_000_000, action: 'restarted' },
  },
  'record.unsaved': { ...at, kind: 'record.unsaved', why: 'no space' },
  'instance.stopping': { ...at, ...instance, kind: 'instance.stopping', why: 'asked' },
  'instance.died': {
    ...at,
    ...instance,
    kind: 'instance.died',
    pid: 9,
    exit: 'signalled SIGKILL',
    signal: 'SIGKILL',
    expected: false,
    why: 'crash',
    lastLines: ['one', 'two'],
    next: 'restart at once',
  },
  'instance.failed': { ...at, ...instance, kind: 'instance.failed', why: 'five', nextTryInMs: 5 },
  'instance.stopped': { ...at, ...instance, kind: 'instance.stopped', why: 'asked' },
  'instance.asleep': { ...at, ...instance, kind: 'instance.asleep', why: 'nobody called it' },
  'pool.scaled': { ...at, kind: 'pool.scaled', from: 1, to: 2, why: 'a client waits' },
  'lease.began': { ...at, kind: 'lease.began', index: 0, session: 'a1b2c3d4' },
  'lease.ended': { ...at, kind: 'lease.ended', index: 0, why: 'its session is over' },
  'instance.adopted': { ...at, ...instance, kind: 'instance.adopted', pid: 9 },
  'call.repeated': { ...at, kind: 'call.repeated', name: 'search', why: 'it is alone now' },
  'ask.asked': { ...at, kind: 'ask.asked', method: 'roots/list', how: 'parked', client: 'c/1' },
  'ask.finished': {
    ...{ ...at, kind: 'ask.finished', method: 'elicitation/create', how: 'forwarded' },
    ...{ outcome: 'expired', tookMs: 55_000, why: 'nobody answered', session: 'abcd', name: 't' },
  },
  'ask.abandoned': { ...at, kind: 'ask.abandoned', name: 't', afterMs: 600_000, why: 'away' },
  'instance.orphanEnded': { ...at, kind: 'instance.orphanEnded', pid: 9, why: 'not wanted' },
  'instance.wanted': { ...at, kind: 'instance.wanted', wanted: 'stopped', by: 'cli' },
  'spawn.refused': { ...at, kind: 'spawn.refused', why: 'not on the list' },
  'signIn.needed': { ...at, kind: 'signIn.needed', why: 'nobody has signed in yet' },
  'signIn.done': { ...at, kind: 'signIn.done', issuer: 'https://a', scopes: ['read'] },
  'signIn.ended': { ...at, kind: 'signIn.ended', issuer: 'https://a' },
  'invariant.broken': { ...at, kind: 'invariant.broken', what: 'opened while stopped' },
  'call.finished': {
    ...at,
    kind: 'call.finished',
    method: 'tools/call',
    name: 'read_file',
    session: 's1',
    client: 'inspector 1',
    outcome: 'lost',
    tookMs: 0.25,
    why: 'the server died',
  },
  'session.opened': { ...at, kind: 'session.opened', session: 's1', protocolVersion: '2025-11-25' },
  'session.closed': { ...at, kind: 'session.closed', session: 's1', why: 'idle' },
  'session.restored': { ...at, kind: 'session.restored', session: 's1' },
  'stream.resumed': { ...at, kind: 'stream.resumed', session: 's1', sent: 2, lost: false },
  'stream.cut': { ...at, kind: 'stream.cut', unreadBytes: 4_194_305 },
  'catalogue.changed': { ...at, kind: 'catalogue.changed', tools: 1, resources: 2, prompts: 3 },
  'tool.searched': { ...at, kind: 'tool.searched', found: 3, session: 's1' },
  'list.refused': { ...at, kind: 'list.refused', list: 'tools/list', code: -32603, why: 'no key' },
  'tool.refused': { ...at, kind: 'tool.refused', tool: 'a', why: 'its schema breaks a rule' },
  'name.collided': { ...at, kind: 'name.collided', tool: 'a', owner: 'b', exposedAs: 'b_a' },
  'operation.finished': {
    ...at,
    kind: 'operation.finished',
    operation: 'server.stop',
    door: 'cli',
    by: 'aya',
    about: ['files'],
    outcome: 'refused',
    tookMs: 3,
    why: 'not now',
  },
  'benchmark.cutShort': {
    ...at,
    kind: 'benchmark.cutShort',
    outcome: 'failed',
    why: 'Cannot write it',
  },
  'schedule.ran': {
    ...at,
    kind: 'schedule.ran',
    schedule: 'nightly',
    operation: 'server.restart',
    tookMs: 3,
    outcome: 'ok',
  },
  'schedule.skipped': {
    ...at,
    kind: 'schedule.skipped',
    schedule: 'nightly',
    dueAtMs: 1,
    why: 'x',
  },
  'health.checked': {
    ...at,
    kind: 'health.checked',
    overall: 'degraded',
    failing: [],
    warning: ['disk'],
  },
  'alert.fired': { ...at, kind: 'alert.fired', ...alerted, value: 96, threshold: 95 },
  'alert.raised': { ...at, kind: 'alert.raised', ...alerted, why: 'three deaths' },
  'alert.resolved': { ...at, kind: 'alert.resolved', ...alerted, firedAtMs: 1 },
  'alert.acknowledged': { ...at, kind: 'alert.acknowledged', key: 'k', by: 'me', note: '' },
  'alert.silenced': { ...at, kind: 'alert.silenced', id: 'x', by: 'me', note: '', untilMs: 2 },
  'alert.unacknowledged': { ...at, kind: 'alert.unacknowledged', key: 'k', by: 'me' },
  'alert.unsilenced': { ...at, kind: 'alert.unsilenced', id: 'x' },
  'alert.notified': { ...at, kind: 'alert.notified', alerts: ['k'] },
  'alert.notifyFailed': { ...at, kind: 'alert.notifyFailed', alerts: ['k'], why: 'no answer' },
  'telemetry.failed': { ...at, kind: 'telemetry.failed', signal: 'traces', why: 'no answer' },
  'telemetry.resumed': { ...at, kind: 'telemetry.resumed', signal: 'metrics' },
  'journal.dropped': { ...at, kind: 'journal.dropped', count: 1 },
};

test('an event of each kind is read back as it was appended', async (context) => {
  const path = newPath(context);
  const events = Object.values(oneOfEach);
  const first = await open(context, path);
  for (const event of events) first.append(event);
  await first.close();
  const journal = await open(context, path);
  const found = (await journal.list({ limit: 1_000 })).toReversed();
  assert.equal(found.length, Object.keys(eventKinds).length);
  found.forEach((event, index) => {
    const { seq, ...rest } = event;
    assert.equal(seq, index + 1);
    assert.deepEqual(rest, events[index]);
    const { atMs: _at, kind, subject: _subject, ...fields } = rest;
    assert.deepEqual(eventKinds[kind].strict().parse(fields), fields);
  });
});

test('a list sees what was appended before it, newest first', async (context) => {
  const journal = await open(context, newPath(context));
  for (let atMs = 1; atMs <= 2_500; atMs += 1) journal.append(call(atMs));
  assert.deepEqual(times(await journal.list({ limit: 3 })), [2_500, 2_499, 2_498]);
  assert.equal((await journal.list({ limit: 5_000 })).length, 1_000);
});

const queries = [
  { asks: {}, finds: [8, 7, 6, 5, 4, 3, 2, 1] },
  { asks: { subject: 'files' }, finds: [7, 5, 3, 2, 1] },
  { asks: { subject: 'nobody' }, finds: [] },
  { asks: { kind: 'call.finished' }, finds: [8, 7, 4, 3] },
  { asks: { kind: 'call.' }, finds: [8, 7, 4, 3] },
  { asks: { kind: 'instance.' }, finds: [6, 5, 2, 1] },
  { asks: { kind: 'instance.died' }, finds: [2] },
  { asks: { kind: 'instance' }, finds: [] },
  { asks: { kind: 'instance.', subject: 'files' }, finds: [5, 2, 1] },
  { asks: { kind: 'call.finished', subject: 'other' }, finds: [8, 4] },
  { asks: { beforeSeq: 4 }, finds: [3, 2, 1] },
  { asks: { sinceMs: 5 }, finds: [8, 7, 6, 5] },
  { asks: { sinceMs: 3, beforeSeq: 6, kind: 'call.' }, finds: [4, 3] },
  { asks: { sinceMs: 3, limit: 2 }, finds: [8, 7] },
  { asks: { limit: 0 }, finds: [] },
];
test('many calls of one batch keep their order, their fields and the events between them', async (context) => {
  const journal = await open(context, newPath(context));
  const events = Array.from({ length: 97 }, (_, number): NewEvent => {
    const atMs = at.atMs + number;
    if (number % 10 === 9) return sick(atMs);
    const fields = number % 3 === 0 ? {} : { name: `tool ${number}`, client: 'bench 1.0.0' };
    return { ...call(atMs), ...fields } as NewEvent;
  });
  for (const event of events) journal.append(event);
  const found = await journal.list({ limit: 1_000 });
  const wanted = events.map((event, number) => ({ ...event, seq: number + 1 }));
  assert.deepEqual(found, wanted.toReversed());
});

test('a query finds exactly what it asks for', async (context) => {
  const journal = await open(context, newPath(context));
  journal.append(sick(1));
  journal.append({ ...oneOfEach['instance.died'], atMs: 2 });
  journal.append(call(3));
  journal.append(call(4, 'other'));
  journal.append(sick(5));
  journal.append(sick(6, 'other'));
  journal.append(call(7));
  journal.append(call(8, 'other'));
  for (const { asks, finds } of queries) {
    assert.deepEqual(
      times(await journal.list({ limit: 100, ...asks })),
      finds,
      JSON.stringify(asks),
    );
  }
});

test('totals count at once, and go on after a restart', async (context) => {
  const path = newPath(context);
  const first = await open(context, path);
  first.append(oneOfEach['call.finished']);
  first.append(oneOfEach['instance.starting']);
  first.append(oneOfEach['instance.died']);
  const expected = { calls: 1, failedCalls: 1, restarts: 1, deaths: 1 };
  assert.deepEqual(first.totals('files'), expected);
  await first.close();
  const second = await open(context, path);
  assert.deepEqual(second.totals('files'), expected);
  second.append(call(1));
  await second.close();
  const third = await open(context, path);
  assert.deepEqual(third.totals('files'), { ...expected, calls: 2 });
  assert.deepEqual(third.totals('x'), { calls: 0, failedCalls: 0, restarts: 0, deaths: 0 });
});

test('facts are remembered, replaced and forgotten, also across restarts', async (context) => {
  const path = newPath(context);
  const first = await open(context, path);
  first.remember('era', 'a', { era: 'legacy' });
  first.remember('era', 'a', { era: 'modern' });
  first.remember('era', 'b', [1, 'zwei']);
  first.remember('era', 'c', true);
  first.remember('wanted', 'a', 'stopped');
  first.remember('era', 'c', undefined);
  const eras = new Map<string, unknown>([
    ['a', { era: 'modern' }],
    ['b', [1, 'zwei']],
  ]);
  assert.deepEqual(first.recallAll('era'), eras);
  await first.flush();
  await first.close();
  const second = await open(context, path);
  assert.deepEqual(second.recallAll('era'), eras);
  assert.equal(second.recall('wanted', 'a'), 'stopped');
  assert.equal(second.recall('wanted', 'b'), undefined);
});

/** Appends 700 events and kills itself; the journal it leaves. */
async function openKilled(context: TestContext, afterMs: number): Promise<Journal> {
  const path = newPath(context);
  const program = `
    const { openJournal } = await import(${JSON.stringify(new URL('./journal.js', import.meta.url))});
    const clock = { nowMs: Date.now, after(delayMs, then) {
      const timer = setTimeout(then, delayMs);
      return () => clearTimeout(timer);
    } };
    const path = ${JSON.stringify(path)};
    const journal = await openJournal({ path, clock, keepMs: 1e13, maxEvents: 1e6 });
    for (let atMs = 1; atMs <= 700; atMs += 1) {
      journal.append(${JSON.stringify(call(0))});
    }
    journal.remember('era', 'files', 'modern');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${afterMs});`;
  assert.throws(
    () => execFileSync(process.execPath, ['--input-type=module', '-e', program]),
    (error: { signal?: string }) => error.signal === 'SIGKILL',
  );
  return open(context, path);
}

test('what was appended 250 ms before a SIGKILL is there, later where the machine is busy', async (context) => {
  let journal = await openKilled(context, 250);
  for (const afterMs of [1_000, 4_000, 16_000])
    if (journal.totals('files').calls < 700) journal = await openKilled(context, afterMs);
  assert.equal((await journal.list({ limit: 1_000 })).length, 700);
  assert.equal(journal.totals('files').calls, 700);
  assert.equal(journal.recall('era', 'files'), 'modern');
});

test('the file and its folder are for their owner only', async (context) => {
  const path = newPath(context);
  await open(context, path);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(join(path, '..')).mode & 0o777, 0o700);
});

test('the oldest events are deleted, by age and by number', async (context) => {
  const path = newPath(context);
  const first = await open(context, path);
  for (let atMs = 1; atMs <= 2_600; atMs += 1)
    first.append(atMs % 2 === 0 ? call(atMs) : sick(atMs));
  await first.close();
  // Deletes at its start, on a clock that stands at 3000: what is older than 400 ms.
  const held: Clock = { ...clock, nowMs: () => 3_000 };
  const byAge = await open(context, path, { clock: held, keepMs: 600 });
  await until(async () => (await byAge.list({ limit: 1_000 })).length === 201);
  assert.equal((await byAge.list({ limit: 1_000 })).at(-1)?.atMs, 2_400);
  assert.equal(byAge.totals('files').calls, 1_300);
  await byAge.close();
  const byNumber = await open(context, path, { maxEvents: 50 });
  await until(async () => (await byNumber.list({ limit: 1_000 })).length === 50);
  assert.equal((await byNumber.list({ limit: 1_000 })).at(-1)?.atMs, 2_551);
  await byNumber.close();
  // Numbers never repeat, not even when nothing is left.
  const empty = await open(context, path, { maxEvents: 0 });
  await until(async () => (await empty.list({ limit: 1 })).length === 0);
  empty.append(sick(1));
  assert.equal((await empty.list({ limit: 1 }))[0]?.seq, 2_601);
});

test('while the file refuses, events wait, the newest calls are dropped and counted', async (context) => {
  const path = newPath(context);
  const reports: string[] = [];
  const report = (sentence: string): void => void reports.push(sentence);
  const journal = await open(context, path, { report, maxWaitingEvents: 600 });
  const other = openDatabase(path);
  other.execute(`CREATE TRIGGER refuse BEFORE UPDATE ON progress
    BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`);
  for (let atMs = 1; atMs <= 500; atMs += 1) journal.append(call(atMs));
  await until(async () => reports.length === 1);
  for (let atMs = 501; atMs <= 1_200; atMs += 1) journal.append(call(atMs));
  journal.append(sick(1_201));
  assert.deepEqual(await journal.list({ limit: 10 }), [], 'a list does not wait for ever');
  other.execute('DROP TRIGGER refuse');
  other.close();
  await journal.flush();
  const found = await journal.list({ limit: 5 });
  // 500 calls were on their way, 599 of the 700 later ones found room beside the other event.
  assert.deepEqual(times(found).slice(1), [1_201, 1_099, 1_098, 1_097]);
  assert.deepEqual(
    { ...found[0], atMs: 0, seq: 0 },
    {
      atMs: 0,
      seq: 0,
      kind: 'journal.dropped',
      subject: 'daemon',
      count: 101,
    },
  );
  assert.equal(journal.totals('files').calls, 1_200);
  assert.match(reports.join('\n'), /trying again: .*disk is full\n.*written again$/);
  await journal.close();
  const again = await open(context, path);
  assert.equal(again.totals('files').calls, 1_200, 'totals also count what was dropped');
});

test('an event of many megabytes is shortened, and the others are written beside it', async (context) => {
  const journal = await open(context, newPath(context));
  journal.append(call(1));
  journal.append({ ...call(2), why: 'x'.repeat(30_000_000) } as NewEvent);
  journal.append(call(3));
  const found = await journal.list({ limit: 10 });
  assert.deepEqual(times(found), [3, 2, 1]);
  assert.equal(found[1]?.kind === 'call.finished' && found[1].why?.length, 1_001);
});

test('a fact of more than 64 KiB is refused', async (context) => {
  const journal = await open(context, newPath(context));
  const problem = { code: 'bug', message: /^Cannot remember era a: found 70002 characters/ };
  assert.throws(() => journal.remember('era', 'a', 'x'.repeat(70_000)), problem);
  assert.equal(journal.recall('era', 'a'), undefined);
});

const unusable = [
  {
    says: 'a file that is no database',
    make: (path: string) => writeFileSync(path, 'dear diary, '.repeat(500)),
    reason: /not a database/,
  },
  {
    says: 'the database of another program',
    make: (path: string) => {
      const other = openDatabase(path);
      other.execute('CREATE TABLE recipes (name TEXT)');
      other.close();
    },
    reason: /database of another program/,
  },
  {
    says: 'a journal that a newer version wrote',
    make: async (path: string) => {
      await (await openJournal({ path, clock, keepMs: 1, maxEvents: 1 })).close();
      const other = openDatabase(path);
      other.execute('PRAGMA user_version = 99');
      other.close();
    },
    reason: /schema version 99, needed at most 2: a newer Ringmaster wrote it/,
  },
  {
    says: 'a journal that was cut short',
    make: async (path: string) => {
      await (await openJournal({ path, clock, keepMs: 1, maxEvents: 1 })).close();
      truncateSync(path, 5_000);
    },
    reason: /malformed|corrupt/,
  },
];
for (const row of unusable) {
  test(`${row.says} is refused and left as it was`, async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'ringmaster-journal-'));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'journal.db');
    await row.make(path);
    const before = readFileSync(path);
    await assert.rejects(
      () => openJournal({ path, clock, keepMs: 1, maxEvents: 1 }),
      (error) => {
        assert.ok(error instanceof Problem);
        assert.equal(error.code, 'journal_unusable');
        assert.match(error.message, /^Cannot open the journal \/.*journal\.db: /);
        assert.match(error.message, row.reason);
        return true;
      },
    );
    assert.deepEqual(readFileSync(path), before);
  });
}

/** Asks again at once until it is so; fails after a minute. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + 60_000;
  while (!(await isSo())) {
    assert.ok(Date.now() < deadlineMs, 'not so after a minute');
    await new Promise((done) => setTimeout(done, 5));
  }
}
