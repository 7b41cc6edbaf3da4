import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { NewEvent } from '../journal/events.ts';
import { toExposition } from './exposition.ts';
import { families } from './families.ts';
import { createTally, durationBuckets } from './tally.ts';

const folder = new URL('../../../../examples/observability/', import.meta.url);

for (const file of ['rules.yaml', 'grafana-dashboard.json']) {
  test(`${file} of the examples names only figures that there are`, () => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const named = new Set(text.match(/\bringmaster_\w+/g));
    assert.ok(named.size > 5, 'hardly anything is named');
    for (const name of named) {
      const family = name.replace(/_(bucket|sum|count)$/, '');
      assert.ok(Object.hasOwn(families, family), name);
    }
  });
}

test('counters end in _total and nothing else does', () => {
  for (const [name, { type }] of Object.entries(families))
    assert.equal(name.endsWith('_total'), type === 'counter', name);
});

test('a histogram is added up from bucket to bucket, and labels are escaped', () => {
  const text = toExposition([
    { name: 'none', type: 'gauge', help: 'has no samples', samples: [] },
    {
      ...{ name: 'took', type: 'histogram', help: 'a\nb', ends: [0.5, 1] },
      samples: [{ labels: { server: 'a"b\\c\n' }, buckets: [2, 0, 3], sum: 7.5 }],
    },
  ]);
  const labels = 'server="a\\"b\\\\c\\n"';
  assert.equal(
    text,
    [
      '# HELP took a\\nb',
      '# TYPE took histogram',
      `took_bucket{${labels},le="0.5"} 2`,
      `took_bucket{${labels},le="1"} 2`,
      `took_bucket{${labels},le="+Inf"} 5`,
      `took_sum{${labels}} 7.5`,
      `took_count{${labels}} 5`,
      '',
    ].join('\n'),
  );
});

test('events are counted by server, calls by outcome and duration', () => {
  const tally = createTally();
  const call = (outcome: 'ok' | 'late', tookMs: number): NewEvent => ({
    ...{ atMs: 0, kind: 'call.finished', subject: 'echo', method: 'tools/call' },
    ...{ outcome, tookMs },
  });
  tally.take(call('ok', 1));
  tally.take(call('ok', 2));
  tally.take(call('late', 400_000));
  tally.take({ atMs: 0, kind: 'journal.dropped', subject: 'daemon', count: 7 });
  tally.take({
    ...{ atMs: 0, kind: 'schedule.ran', subject: 'daemon', schedule: 'nightly' },
    ...{ operation: 'server.restart', tookMs: 1, outcome: 'failed' },
  });
  const echo = tally.read().get('echo');
  assert.deepEqual(
    [...(echo?.outcomes ?? [])],
    [
      ['ok', 2],
      ['late', 1],
    ],
  );
  assert.deepEqual(echo?.durations.slice(0, 3), [1, 1, 0]);
  assert.equal(echo?.durations[durationBuckets.length], 1);
  assert.equal(echo?.durationSumMs, 400_003);
  assert.deepEqual(
    [...(tally.read().get('daemon')?.events ?? [])],
    [
      ['journal.dropped', 7],
      ['schedule.ran failed', 1],
    ],
  );
});
