import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, type Daemon, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

interface Row {
  readonly did: string;
  readonly about: readonly string[];
  readonly outcome: string;
  readonly by: string;
  readonly why?: string;
  readonly tookMs?: number;
}

async function send(daemon: Daemon, path: string, body: object, key: string) {
  const response = await fetch(`${daemon.origin}/api${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const starts = async (daemon: Daemon) =>
  (await daemon.api<{ rows: Row[] }>('/audit?text=server.start')).rows;

test('what a killed daemon was doing is told by the next one, once, and its key does nothing again', async () => {
  const slow = { ...entry('slow-start', ['--ms', '600000']), enabled: false };
  await using home = createHome({ servers: { slow, echo: entry('echo') } });
  let daemon = await home.up();
  const asked = { servers: ['slow'], wait: true };
  const cut = send(daemon, '/servers/start', asked, 'k1').catch(() => 'cut off');
  // What is read comes from the disk, so that the record made before it is there, too.
  await waitFor('the start to have begun', async () => {
    const path = '/events?kind=instance.starting&subject=slow';
    return (await daemon.api<{ events: unknown[] }>(path)).events.length > 0;
  });
  assert.deepEqual(await starts(daemon), []);
  await daemon.kill();
  assert.equal(await cut, 'cut off');

  daemon = await home.up('answers');
  const [row, ...others] = await starts(daemon);
  assert.deepEqual(others, []);
  assert.deepEqual([row?.outcome, row?.about, row?.tookMs], ['unknown', ['slow'], undefined]);
  assert.match(row?.why ?? '', /^unknown: the daemon ended before it was finished; .*begun at 20/);
  const again = await send(daemon, '/servers/start', asked, 'k1');
  assert.deepEqual([again.status, again.body['code']], [409, 'outcome_unknown']);
  const table = await home.run('audit', 'server.start');
  assert.match(table.stdout, /server\.start +unknown +slow/);
  await daemon.kill();
  daemon = await home.up('answers');
  assert.equal((await starts(daemon)).length, 1);
});

test('a request that was answered is answered alike by the daemon after a kill, and done once', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  let daemon = await home.up();
  const restart = (body: object) => send(daemon, '/servers/restart', body, 'k1');
  const call = (tool: string) =>
    send(daemon, '/tools/call', { server: 'echo', tool, arguments: { a: 1, b: 2 } }, tool);
  const first = await restart({ servers: ['echo'] });
  assert.equal(first.status, 200);
  const called = await call('add');
  assert.equal(called.status, 200);
  assert.deepEqual(await call('add'), called);
  const failed = await call('no-such-tool');
  assert.equal(failed.status, 404);
  // The record of a later act is on the disk: so is everything of those before.
  await call('another');
  await waitFor('the acts in the audit', async () => {
    const page = await daemon.api<{ rows: Row[] }>('/audit?choice=asked');
    return page.rows.length === 4;
  });
  await daemon.kill();

  daemon = await home.up();
  const { rows } = await daemon.api<{ rows: Row[] }>('/audit?choice=asked');
  assert.deepEqual(await restart({ servers: ['echo'] }), first);
  const other = await restart({ servers: ['all'] });
  assert.deepEqual([other.status, other.body['code']], [422, 'key_reused']);
  const unkept = await call('add');
  assert.deepEqual([unkept.status, unkept.body['code']], [409, 'answer_not_kept']);
  const later = await daemon.api<{ rows: Row[] }>('/audit?choice=asked');
  assert.deepEqual(later.rows, rows, 'something was done again');
  assert.deepEqual(await call('no-such-tool'), failed, 'what failed may be tried again');
});
