import assert from 'node:assert/strict';
import { test } from 'node:test';
import { covers } from '../support/covers.ts';
import { createHome, type Daemon, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

const stepMs = 10_000;
const sampleMs = 1_000;
/** Linux has every figure; elsewhere some are missing. */
const onLinux = { skip: process.platform === 'linux' ? false : 'needs /proc' };

interface Point {
  readonly atMs: number;
  readonly count: number;
  readonly max: number;
}
interface History {
  readonly stepMs: number;
  readonly series: readonly {
    readonly server?: string;
    readonly metric: string;
    readonly points: readonly Point[];
  }[];
  readonly calls: readonly { readonly total: { readonly calls: number; readonly p95Ms: number } }[];
}

async function memoryOf(daemon: Daemon, server: string): Promise<readonly Point[]> {
  const history = await daemon.api<History>(
    `/metrics?server=${server}&metric=memoryBytes&step=10s&rangeMs=10m`,
  );
  return history.series[0]?.points ?? [];
}

test('figures outlive the daemon, and the time without a daemon is a gap', onLinux, async () => {
  covers('metric.read');
  await using home = createHome({ servers: { echo: entry('echo') }, metrics: { sampleMs } });
  const first = await home.up();
  const before = await waitFor('a sample', async () => {
    const points = await memoryOf(first, 'echo');
    return points.length > 0 && points;
  });
  await first.kill();
  const gapStartMs = Math.ceil(Date.now() / stepMs) * stepMs;
  await waitFor(
    'a whole step without a daemon',
    () => Date.now() > gapStartMs + stepMs,
    2.5 * stepMs,
  );
  const second = await home.up();
  const after = await waitFor('a sample after the gap', async () => {
    const points = await memoryOf(second, 'echo');
    return points.some(({ atMs }) => atMs >= gapStartMs + stepMs) && points;
  });
  assert.equal(after[0]?.atMs, before[0]?.atMs);
  assert.ok(
    after.every(({ atMs }) => atMs !== gapStartMs),
    'something was made up for the gap',
  );
  for (const { count, max } of after) {
    assert.ok(count <= stepMs / sampleMs + 2, `${count} samples in one step`);
    assert.ok(max > 1_000_000);
  }
});

test('the metrics command shows the machine, every server and its calls', onLinux, async () => {
  covers('metric.read', 'metric.latest');
  await using home = createHome({
    servers: { echo: entry('echo'), other: entry('echo') },
    metrics: { sampleMs },
  });
  const daemon = await home.up();
  const client = await daemon.legacy('/servers/echo/mcp');
  for (let call = 0; call < 5; call += 1) await client.call('add', { a: 1, b: call });
  const latest = await waitFor('two samples', async () => {
    const told = await daemon.api<{
      subjects: { server?: string; samples: { values: Record<string, number> }[] }[];
    }>('/metrics/latest?samples=5');
    const isWhole = told.subjects.length === 3;
    // A machine that is busy may come to look at the processes less often than figures are written down.
    const isKnown = lastOf(told.subjects[1]?.samples)?.['cpuPercent'] !== undefined;
    return isWhole && isKnown && told.subjects.every(({ samples }) => samples.length > 1) && told;
  });
  assert.deepEqual(
    latest.subjects.map(({ server }) => server),
    [undefined, 'echo', 'other'],
  );
  const values = lastOf(latest.subjects[1]?.samples) ?? {};
  assert.ok((values['cpuPercent'] ?? -1) >= 0);
  assert.equal(values['processCount'], 1);

  const history = await home.json<History>('metrics', 'echo', '--since', '5m', '--step', '10s');
  assert.equal(history.stepMs, stepMs);
  const { calls, p95Ms } = history.calls[0]?.total ?? { calls: 0, p95Ms: 0 };
  assert.ok(calls >= 5);
  assert.ok(p95Ms > 0);

  const english = await home.run('metrics');
  assert.equal(english.code, 0, english.stderr);
  assert.match(english.stdout, /Disk used/);
  assert.match(english.stdout, /^echo .*[▁-█].* [5-9]\/0/m);
  assert.match(english.stdout, /^other /m);
  const japanese = await home.run('metrics', 'echo', '--lang', 'ja');
  assert.match(japanese.stdout, /スレッド数 +\d/);
});

function lastOf(samples: readonly { readonly values: Record<string, number> }[] = []) {
  return samples.at(-1)?.values;
}

test('what cannot be read is refused with what is needed', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  await home.up('answers');
  const unknown = await home.run('metrics', 'ecko');
  assert.notEqual(unknown.code, 0);
  assert.match(unknown.stderr, /echo/);
  const tooMuch = await home.run('metrics', '--since', '300d', '--step', '10s');
  assert.notEqual(tooMuch.code, 0);
  assert.match(tooMuch.stderr, /50000/);
  const noTime = await home.run('metrics', '--since', 'yesterday');
  assert.notEqual(noTime.code, 0);
  assert.match(noTime.stderr, /30s, 5m/);
});
