import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { covers } from '../support/covers.ts';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

interface Report {
  readonly fleet: string;
  readonly servers: readonly {
    readonly server: string;
    readonly calls: { readonly calls: number; readonly failed: number; readonly p95Ms?: number };
    readonly deaths: number;
    readonly budget: { readonly state: string; readonly objectivePercent: number };
  }[];
}
interface Kept {
  readonly folder: string;
  readonly reports: readonly { readonly name: string }[];
}

const missing = { ...entry('crash', ['--at-once']), slo: { availabilityPercent: 90 } };

test('performance tells of every server once it knows enough, and fails while one misses its objective', async () => {
  covers('report.performance', 'advice.list');
  const shifter = fileURLToPath(new URL('../support/shifted-clock.js', import.meta.url));
  await using home = createHome(
    { servers: { echo: entry('echo'), missing } },
    { NODE_OPTIONS: `--import ${shifter}`, SHIFTED_CLOCK: 'shift' },
  );
  const daemon = await home.up('answers');
  const client = await daemon.legacy('/servers/echo/mcp');
  for (let call = 0; call < 5; call += 1) await client.call('add', { a: 1, b: call });
  const early = await waitFor('the deaths', async () => {
    const told = await daemon.api<Report>('/reports/performance?rangeMs=1h');
    return (told.servers[1]?.deaths ?? 0) > 2 && told;
  });
  const states = early.servers.map(({ budget }) => budget.state);
  assert.deepEqual(states, ['tooLittle', 'tooLittle'], 'some seconds were judged');
  assert.equal((await home.run('performance')).code, 0);
  const first = await home.run('recommendations');
  assert.match(first.stdout, /Too little data: figures of .* 60 min are needed/);
  assert.doesNotMatch(first.stdout, /available for|busy/);
  writeFileSync(join(home.folder, 'shift'), String(7_200_000));
  const report = await waitFor('the miss', async () => {
    const told = await daemon.api<Report>('/reports/performance?rangeMs=3h');
    return told.servers[1]?.budget.state === 'missed' && told;
  });
  const [echo, crash] = report.servers;
  assert.equal(echo?.calls.calls, 5);
  assert.ok((echo?.calls.p95Ms ?? 0) > 0);
  assert.equal(crash?.budget.objectivePercent, 90);
  const shown = await home.run('performance', '--hours', '3');
  assert.equal(shown.code, 1, shown.stdout + shown.stderr);
  assert.match(shown.stdout, /^echo +5 +0 /m);
  assert.doesNotMatch(shown.stdout, /[|#]/, 'markup stands in a terminal');
  const page = await home.run('performance', '--hours', '3', '--markdown');
  assert.match(page.stdout, /\| echo \| 5 \| 0 \|/);
  assert.doesNotMatch(page.stdout, /^## Course/m, 'a heading stands over nothing');
  assert.equal((await home.run('performance', '--hours', 'many')).code, 64);
  const advised = await home.run('recommendations', '--hours', '3', '--lang', 'ja');
  assert.match(advised.stdout, /missing の稼働率は 0 % で、目標の 90 % に届きません/);
});

test('a report is made, kept over a restart, listed, and shown in every form', async () => {
  covers('report.create', 'report.list', 'report.read');
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  assert.match((await home.run('report', 'list')).stderr, /No reports are kept yet/);
  const daily = ['report', 'daily', '--current', '--time-zone', 'Asia/Tokyo'] as const;
  const made = await home.run(...daily, '--format', 'markdown');
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stdout, /\(Asia\/Tokyo\)/);
  await daemon.stop();
  const next = await home.up();
  const { folder, reports } = await next.api<Kept>('/reports');
  const [kept] = reports;
  assert.match(kept?.name ?? '', /^daily-\d{4}-\d\d-\d\d$/);
  assert.equal(readFileSync(join(folder, `${kept?.name}.md`), 'utf8'), made.stdout);
  const told = await home.run('report', 'show', kept?.name ?? '');
  assert.match(told.stdout, /^Server +Calls/m);
  assert.doesNotMatch(told.stdout, /[|#]/, 'markup stands in a terminal');
  const html = await home.run(
    'report',
    'show',
    kept?.name ?? '',
    '--format',
    'html',
    '--lang',
    'ja',
  );
  assert.match(html.stdout, /^<!doctype html>\n<html lang="ja">/);
  const figures = await home.json<Report>('report', 'show', kept?.name ?? '');
  assert.equal(figures.servers[0]?.server, 'echo');
  const wrong = await home.run('report', 'show', 'daily-1999-01-01');
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /There is no report "daily-1999-01-01"/);
  const nowhere = await home.run('report', 'weekly', '--time-zone', 'Mars/Base');
  assert.match(nowhere.stderr, /found time zone "Mars\/Base", needed one such as Europe\/Berlin/);
});

test('capacity says that a first day is too little to plan with', async () => {
  covers('advice.capacity');
  await using home = createHome({ servers: { echo: entry('echo') }, metrics: { sampleMs: 1_000 } });
  await home.up();
  const planned = await home.json<{ growth: { state: string; days: number }[] }>(
    ...['metrics', '--capacity-planning', '--period', '10d'],
  );
  assert.equal(planned.growth.length, 4, 'disk, memory, sessions, and memory of the server');
  assert.ok(planned.growth.every(({ state, days }) => state === 'tooLittle' && days <= 2));
  const shown = await home.run('metrics', '--capacity-planning', '--lang', 'ja');
  assert.match(shown.stdout, /記録が足りません/);
});
