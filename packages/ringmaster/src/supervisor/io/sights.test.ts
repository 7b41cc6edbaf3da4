import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { markVariable } from '../record.ts';
import { startTimeOf } from './process-table.ts';
import { createSights } from './sights.ts';

const pipes = { log: '/tmp/no-such-folder/pipe' };

test('who asks in one turn shares a sight, who asks after it sees what was started since', async (context) => {
  const nextSight = createSights();
  const leader = { startTime: startTimeOf(process.pid) ?? '', pipes };
  const first = nextSight(leader);
  assert.equal(nextSight(leader), first);
  const seen = await first;
  const before = seen.table();
  const mark = `test/${process.pid}`;
  const child = spawn('sleep', ['600'], { env: { ...process.env, [markVariable]: mark } });
  context.after(() => child.kill('SIGKILL'));
  const isChild = ({ pid }: { readonly pid: number }) => pid === child.pid;
  assert.equal(seen.table(), before, 'a sight does not change');
  assert.ok(!before.some(isChild));
  const later = await nextSight(leader);
  assert.ok(later.table().some(isChild));
  assert.ok(later.marked().get(mark)?.some(isChild));
  assert.ok(later.after().some(isChild));
});
