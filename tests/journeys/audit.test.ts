import assert from 'node:assert/strict';
import { userInfo } from 'node:os';
import { test } from 'node:test';
import { covers } from '../support/covers.ts';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

interface Row {
  readonly row: number;
  readonly door: string;
  readonly by: string;
  readonly did: string;
  readonly about: readonly string[];
  readonly outcome: string;
  readonly why?: string;
  readonly times?: number;
}

interface Page {
  readonly rows: readonly Row[];
  readonly next?: number;
}

test('who did what by which way stands in the audit, also what was refused, over a restart', async () => {
  covers('audit.list');
  await using home = createHome({ servers: { echo: entry('echo') } });
  let daemon = await home.up();
  assert.equal((await home.run('stop', 'echo')).code, 0);
  await daemon.api('/servers/start', { servers: ['echo'], wait: true });
  await daemon.api('/servers/start', { servers: ['not-there'], wait: true }).catch(() => {});
  await daemon.stop();
  daemon = await home.up();
  const audit = (query: string) => daemon.api<Page>(`/audit?${query}`);
  const { rows } = await audit('choice=asked');
  assert.deepEqual(
    rows.map(({ did, about, outcome }) => [did, about.join(), outcome]),
    [
      ['server.start', 'not-there', 'refused'],
      ['server.start', 'echo', 'done'],
      ['server.stop', 'echo', 'done'],
    ],
  );
  assert.deepEqual([rows[2]?.door, rows[2]?.by], ['cli', userInfo().username]);
  assert.equal(rows[1]?.door, 'rest');
  assert.match(String(rows[0]?.why), /not-there/);

  const first = await audit('choice=asked&limit=2');
  const second = await audit(`choice=asked&limit=2&beforeRow=${first.next}`);
  assert.deepEqual([...first.rows, ...second.rows], rows);
  const own = await audit('choice=own');
  assert.ok(own.rows.some(({ did, by }) => did === 'daemon.stopped' && by === 'ringmaster'));
  assert.equal((await audit(`text=${userInfo().username}`)).rows.length, 1);
  assert.equal((await audit('door=rest&server=echo')).rows.length, 1);
  assert.deepEqual((await audit('choice=refused')).rows, [rows[0]]);

  const csv = await home.run('audit', '--format', 'csv', '--since', '1h', 'server.stop');
  const [head, line] = csv.stdout.trim().split('\n');
  assert.equal(head, 'row,at,door,by,did,about,outcome,why,tookMs,times');
  assert.match(line ?? '', /^\d+,\d{4}-.*Z,cli,.*,server\.stop,echo,done,,\d+,$/);
  const table = await home.run('audit', '--refused');
  assert.match(table.stdout, /server\.start +refused +not-there/);
  const whole = await audit('choice=all');
  assert.deepEqual(await home.json('audit'), whole.rows);
  assert.deepEqual(await home.json('audit', 'nothing that ever was'), []);
});

test('what is refused again and again is two rows, which say how often', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  let daemon = await home.up();
  for (let at = 0; at < 20; at += 1)
    await daemon.api('/servers/start', { servers: ['nobody'] }).catch(() => {});
  const refused = async () => (await daemon.api<Page>('/audit?choice=refused')).rows;
  const first = await refused();
  await daemon.stop();
  daemon = await home.up();
  const rows = await refused();
  // On a machine so slow that a minute passed meanwhile there are more rows; what they count is the same.
  const times = rows.reduce((sum, row) => sum + (row.times ?? 1), 0);
  assert.deepEqual([first.at(-1)?.times, rows.at(-1)?.times, times], [undefined, undefined, 20]);
  assert.ok(rows.length < 20);
  const table = await home.run('audit', '--refused');
  assert.match(table.stdout, /server\.start +refused +nobody.*: \d+ times/);
});

test('what an agent did through the control server is recorded under the name it gives itself', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  await daemon.modern('/control/mcp').call('restart_process', { name: 'echo' });
  const older = await daemon.legacy('/control/mcp');
  await older.call('stop_process', { name: 'echo' });
  const { rows } = await daemon.api<Page>('/audit?door=control');
  assert.deepEqual(
    rows.map(({ did, about, outcome }) => [did, about.join(), outcome]),
    [
      ['server.stop', 'echo', 'done'],
      ['server.restart', 'echo', 'done'],
    ],
  );
  assert.deepEqual([rows[1]?.by, rows[0]?.by], ['journey', 'journey']);
});

test('what waits for approval is told with what changed, and no value of a variable', async () => {
  covers('approval.list');
  const spawn = { approve: 'changed' };
  await using home = createHome({
    spawn,
    servers: { echo: entry('echo', [], { env: { A: '1' } }) },
  });
  const daemon = await home.up();
  const waiting = async () => {
    const told = await daemon.api<{ waiting: Record<string, unknown>[] }>('/approvals');
    return told.waiting;
  };
  assert.deepEqual(await waiting(), []);
  assert.equal((await home.run('approve')).code, 0);
  home.write({ spawn, servers: { echo: entry('echo', ['more'], { env: { A: 'hunter2' } }) } });
  const one = await waitFor('the change to be held', async () => {
    const [first] = await waiting();
    return first?.['sinceMs'] === undefined ? undefined : first;
  });
  assert.deepEqual([one['server'], one['why']], ['echo', 'changed']);
  assert.deepEqual(one['changed'], ['args', 'env.A']);
  assert.doesNotMatch(JSON.stringify(one), /hunter2/);
  const told = await home.run('approve');
  assert.equal(told.code, 1);
  assert.match(told.stdout, /^echo waits: its args, env\.A changed since it was approved/);
  assert.equal((await home.run('approve', 'echo')).code, 0);
  assert.deepEqual(await waiting(), []);
  const { rows } = await daemon.api<Page>('/audit?text=server.approve');
  assert.deepEqual(rows[0]?.about, ['echo']);
});
