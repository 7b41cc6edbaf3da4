import assert from 'node:assert/strict';
import { test } from 'node:test';
import { covers } from '../support/covers.ts';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

interface Schedules {
  readonly schedules: readonly {
    readonly schedule: string;
    readonly state: string;
    readonly why?: string;
    readonly nextAtMs?: number;
    readonly last?: { readonly atMs: number; readonly outcome: string; readonly why?: string };
  }[];
}

const fleet = {
  servers: { echo: entry('echo'), missing: entry('crash', ['--at-once']) },
  schedules: {
    often: { cron: '* * * * * *', run: 'server.restart', with: { servers: ['echo'] } },
    yearly: { cron: '0 0 1 1 *', timeZone: 'Asia/Tokyo', run: 'daemon.health' },
    wrong: { cron: '0 0 1 1 *', run: 'server.nothing' },
    failing: { cron: '0 0 1 1 *', run: 'server.stop', with: { servers: ['nobody'] } },
  },
};

test('schedules run what they say when it is due, and tell how it went', async () => {
  covers('schedule.list', 'schedule.run', 'schedule.pause', 'schedule.resume');
  await using home = createHome(fleet);
  const daemon = await home.up('answers');
  const look = async (name: string) =>
    (await daemon.api<Schedules>('/schedules')).schedules.find((row) => row.schedule === name);
  await waitFor('a run', async () => (await look('often'))?.last?.outcome === 'ok');
  await daemon.api('/schedules/often/pause', {});
  // A run that had begun goes on to its end.
  await waitFor('the pause', async () => (await look('often'))?.state === 'paused');
  assert.ok(((await look('yearly'))?.nextAtMs ?? 0) > Date.now());
  await daemon.api('/schedules/yearly/run', {});
  assert.equal((await look('yearly'))?.last?.outcome, 'ok');
  const failed = await home.run('schedule', 'run', 'failing');
  assert.equal(failed.code, 1);
  assert.match((await look('failing'))?.last?.why ?? '', /nobody/);
  const listed = await home.run('schedule');
  assert.equal(listed.code, 1);
  assert.match(listed.stdout, /there is no operation server\.nothing/);
  await daemon.kill();
  const next = await home.up('answers');
  const kept = (await next.api<Schedules>('/schedules')).schedules;
  assert.equal(kept.find((row) => row.schedule === 'often')?.state, 'paused');
  await next.api('/schedules/often/resume', {});
});

test('a schedule that restarts leaves a server stopped that a person stopped', async () => {
  await using home = createHome({
    servers: { echo: entry('echo'), other: entry('echo') },
    schedules: {
      often: {
        ...{ cron: '* * * * * *', run: 'server.restart' },
        with: { servers: ['echo', 'other'] },
      },
    },
  });
  const daemon = await home.up();
  await home.run('stop', 'other');
  const look = async (name: string) =>
    await daemon.api<{ state: string; restarts: number }>(`/servers/${name}`);
  const { restarts } = await look('echo');
  await waitFor('two more rounds', async () => (await look('echo')).restarts >= restarts + 2);
  assert.equal((await look('other')).state, 'stopped');
});

test('health says of every part how it is, and what it was held against', async () => {
  covers('daemon.health');
  await using home = createHome({ servers: fleet.servers });
  const daemon = await home.up('answers');
  await waitFor('the failing server', async () => {
    const { state } = await daemon.api<{ state: string }>('/servers/missing');
    return state === 'failed';
  });
  const told = await home.json<{
    overall: string;
    checks: { check: string; result: string; told: { en: string; ja: string } }[];
  }>('health');
  const of = (name: string) => told.checks.find(({ check }) => check === name);
  assert.equal(of('server:echo')?.result, 'pass');
  assert.equal(of('server:missing')?.result, 'fail');
  assert.equal(of('store')?.result, 'pass');
  assert.match(of('disk')?.told.en ?? '', /%|not measured/);
  assert.equal(told.overall, 'unhealthy');
  assert.equal((await home.run('health')).code, 1);
  await daemon.api('/servers/stop', { servers: ['missing'] });
  const after = await home.run('health', '--json');
  const { overall, checks } = JSON.parse(after.stdout) as typeof told;
  assert.ok(
    !checks.some(({ check }) => check === 'server:missing'),
    'stopped as asked is no fault',
  );
  // The machine of a test may be busy, which is a fault of its own.
  const isBusy = checks.some(({ result }) => result === 'fail');
  assert.deepEqual([after.code, overall === 'unhealthy'], isBusy ? [1, true] : [0, false]);
  const japanese = await home.run('health', '--lang', 'ja');
  assert.match(japanese.stdout, /store +正常 .*ジャーナルを読み書きできます/);
});
