import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { createHome } from '../support/home.ts';

const example = readFileSync(new URL('../../../examples/schedules.yaml', import.meta.url), 'utf8');

test('every duty of examples/schedules.yaml is planned, runs, and is found in the history', async () => {
  await using home = createHome({ servers: {} });
  writeFileSync(home.file, `listen: { port: 0 }\n${example}`);
  assert.equal((await home.run('validate', home.file)).code, 0);
  const daemon = await home.up('answers');
  const { schedules } = parse(example) as { schedules: Readonly<Record<string, { run: string }>> };
  const planned = await daemon.api<{
    schedules: readonly { schedule: string; state: string; why?: string; nextAtMs?: number }[];
  }>('/schedules');
  assert.deepEqual(
    planned.schedules.map(({ schedule, state, why }) => [schedule, state, why]),
    Object.keys(schedules).map((name) => [name, 'waiting', undefined]),
  );
  assert.ok(planned.schedules.every(({ nextAtMs = 0 }) => nextAtMs > Date.now()));
  for (const name of Object.keys(schedules)) await daemon.api(`/schedules/${name}/run`, {});
  const { events } = await daemon.api<{
    events: readonly { schedule: string; operation: string; outcome: string; why?: string }[];
  }>('/events?kind=schedule.ran&limit=100');
  const ran = new Map(events.map((event) => [event.schedule, event]));
  for (const [name, { run }] of Object.entries(schedules)) {
    const { operation, outcome, why } = ran.get(name) ?? {};
    assert.deepEqual([operation, outcome, why], [run, 'ok', undefined], name);
  }
  const listed = await home.run('schedule');
  assert.equal(listed.code, 0, listed.stdout);
});
