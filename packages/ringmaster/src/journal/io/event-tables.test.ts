import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { NewEvent } from '../events.ts';
import { listEvents, writeBatch } from './event-tables.ts';
import { openJournalFile } from './schema.ts';

const same = {
  kind: 'call.finished',
  subject: 'files',
  method: 'tools/call',
  name: 'tool',
  session: 's',
  client: 'bench',
  outcome: 'ok',
  why: 'none',
} as const;
const sick = {
  kind: 'instance.sick',
  subject: 'files',
  index: 0,
  generation: 1,
  why: 'three probes failed',
} as const;
const differences = [
  { subject: 'other' },
  { method: 'prompts/get' },
  { name: 'else' },
  { session: 't' },
  { client: 'c' },
  { outcome: 'error' },
  { why: 'late' },
] as const;

for (const difference of differences)
  test(`of calls that are alike the one with ${JSON.stringify(difference)} is told apart`, (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'ringmaster-journal-'));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    const database = openJournalFile(join(folder, 'journal.db'));
    // Whole statements of twenty alike and others, some left over, and another kind among them.
    const events = Array.from({ length: 70 }, (_, number): NewEvent => {
      const atMs = 1_700_000_000_000 + number;
      if (number === 7) return { ...sick, atMs };
      return { ...same, ...(number === 30 ? difference : {}), atMs, tookMs: (number * 7) % 11 };
    });
    writeBatch(database, 1, { events, facts: [], uncounted: [], samples: [] });
    const wanted = events.map((event, at) => ({ ...event, seq: at + 1 }));
    assert.deepEqual(listEvents(database, { limit: 1_000 }), wanted.toReversed());
    database.close();
  });
