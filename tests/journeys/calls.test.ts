import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { covers } from '../support/covers.ts';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

interface Call {
  readonly id: number;
  readonly outcome: string;
  readonly name: string;
  readonly server: string;
}

interface Calls {
  readonly calls: readonly Call[];
  readonly next?: number;
}

test('calls are listed page by page, narrowed by how they ended, and each tells its story', async () => {
  covers('call.list', 'call.get');
  await using home = createHome({ servers: { echo: entry('echo'), crash: entry('crash') } });
  const daemon = await home.up();
  const client = await daemon.legacy();
  for (let value = 0; value < 5; value += 1) await client.call('echo__add', { a: value, b: 1 });
  await client.call('crash__die').catch(() => {});
  const list = (query: string) => daemon.api<Calls>(`/calls?${query}`);
  const lost = await waitFor('the lost call', async () => {
    const { calls } = await list('outcome=notOk');
    return calls[0];
  });
  assert.equal(lost.server, 'crash');
  const first = await list('server=echo&limit=3');
  const second = await list(`server=echo&limit=3&beforeId=${first.next}`);
  assert.deepEqual([first.calls.length, second.calls.length, second.next], [3, 2, undefined]);
  assert.equal(new Set([...first.calls, ...second.calls].map(({ id }) => id)).size, 5);
  const { events } = await daemon.api<{ events: { atMs: number }[] }>(
    '/events?kind=call.finished&subject=echo',
  );
  const [lastMs, firstMs] = [events[0]?.atMs ?? 0, events.at(-1)?.atMs ?? 0];
  for (const [between, count] of [
    [`toMs=${firstMs - 1}`, 0],
    [`fromMs=${firstMs}&toMs=${lastMs}`, 5],
    [`fromMs=${lastMs + 1}`, 0],
  ] as const)
    assert.equal((await list(`server=echo&${between}`)).calls.length, count, between);
  const { steps } = await daemon.api<{ steps: { kind: string; event?: string }[] }>(
    `/calls/${lost.id}`,
  );
  assert.equal(steps[0]?.kind, 'received');
  assert.deepEqual(steps.at(-1)?.kind, 'ended');
  assert.match((await home.run('calls', '--failed')).stdout, /CALL[\s\S]*lost[\s\S]*die/);
  const gone = await daemon.api<{ code: string }>('/calls/1');
  assert.equal(gone.code, 'call_not_found');
});

interface Planned {
  readonly problems: readonly { readonly line: number; readonly message: string }[];
  readonly actions: readonly { readonly action: string; readonly server: string }[];
}

test('the fleet file is read, planned and saved over REST, and nobody overwrites another', async () => {
  covers('fleet.read', 'fleet.plan', 'fleet.save');
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  const { text, hash } = await daemon.api<{ text: string; hash: string }>('/fleet/file');
  assert.equal(text, readFileSync(home.file, 'utf8'));
  const wrong = await daemon.api<Planned>('/fleet/plan', { text: 'fleet: x\nservers: 5\n' });
  assert.equal(wrong.problems[0]?.line, 2);
  const renamed = text.replace('"echo"', '"parrot"');
  const plan = await daemon.api<Planned>('/fleet/plan', { text: renamed });
  assert.deepEqual(plan.problems, []);
  assert.deepEqual(
    plan.actions.map(({ action, server }) => `${action} ${server}`),
    ['stop echo', 'remove echo', 'add parrot', 'start parrot'],
  );
  assert.equal(readFileSync(home.file, 'utf8'), text, 'a plan changes nothing');
  const refused = await daemon.api<{ code: string }>('/fleet/save', {
    ...{ text: renamed, hash: 'of another text' },
  });
  assert.equal(refused.code, 'fleet_changed');
  const saved = await daemon.api<{ applied: boolean }>('/fleet/save', { text: renamed, hash });
  assert.equal(saved.applied, true);
  assert.equal(readFileSync(home.file, 'utf8'), renamed);
  await waitFor('the new server', async () => {
    const { servers } = await daemon.api<{ servers: { server: string }[] }>('/servers');
    return servers[0]?.server === 'parrot';
  });
});

test('ringmaster call keeps every digit of a number, there and back', async () => {
  await using home = createHome({ servers: { exact: entry('exact') } });
  await home.up();
  const digits = ['12345678901234567890', '-9007199254740993', '0.12345678901234567891'];
  const [big = '', negative = '', fraction = ''] = digits;
  const call = (...words: readonly string[]) => home.run('call', 'exact.same', ...words);
  const pairs = await call('--arg', `a=${big}`, '--arg', `b=${negative}`, '--arg', 'c=1');
  assert.match(pairs.stdout, new RegExp(`"a": ${big},\\n +"b": ${negative},\\n +"c": 1\\n`));
  const whole = await call('--json', `{"a":[${fraction},${big}],"b":"${big}"}`);
  assert.match(whole.stdout, new RegExp(`${fraction},\\n +${big}\\n +\\],\\n +"b": "${big}"`));
  assert.match((await call('--arg', 'a=7')).stdout, /"a": 7\n/);
});
