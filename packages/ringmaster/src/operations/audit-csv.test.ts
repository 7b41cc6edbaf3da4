import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditRow } from './audit.ts';
import { auditCsv } from './audit-csv.ts';

const timeText = (atMs: number) => new Date(atMs).toISOString();
const row: AuditRow = {
  row: 7,
  atMs: 0,
  door: 'cli',
  by: 'aya',
  did: 'server.stop',
  about: ['files'],
  outcome: 'refused',
  why: 'no',
  tookMs: 3,
  times: 12,
};

test('a file of rows has a head, a line for each row, and quotes what would break a line', () => {
  const text = auditCsv([{ ...row, about: ['files'], why: 'he said "no",\nthen left' }], timeText);
  assert.equal(
    text,
    'row,at,door,by,did,about,outcome,why,tookMs,times\r\n' +
      '7,1970-01-01T00:00:00.000Z,cli,aya,server.stop,files,refused,"he said ""no"",\nthen left",3,12\r\n',
  );
});

test('what an asker calls itself is no formula to a spreadsheet', () => {
  const by = '=HYPERLINK("http://x")';
  assert.match(
    auditCsv([{ ...row, about: [], by }], timeText),
    /,"'=HYPERLINK\(""http:\/\/x""\)",/,
  );
});
