import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createHome, entry } from '../support/home.ts';
import { signal } from '../support/processes.ts';
import { waitFor } from '../support/wait.ts';

const hourMs = 3_600_000;
const shifter = fileURLToPath(new URL('../support/shifted-clock.js', import.meta.url));

interface Row {
  readonly state: string;
  readonly inFlight: number;
  readonly lastDeath?: { readonly atMs: number };
}

/** A home whose daemon takes its time of day from us. */
function createShiftedHome(servers: Parameters<typeof createHome>[0]['servers']) {
  const home = createHome(
    { servers },
    { NODE_OPTIONS: `--import ${shifter}`, SHIFTED_CLOCK: 'shift' },
  );
  const file = join(home.folder, 'shift');
  return { home, shift: (ms: number) => writeFileSync(file, String(ms)) };
}

for (const [way, ms] of [
  ['forward', hourMs],
  ['back', -hourMs],
] as const)
  test(`the clock is set an hour ${way}: a call in flight goes on, a late one is late, in time`, async () => {
    const { home, shift } = createShiftedHome({
      patient: entry('echo', [], { limits: { callTimeoutMs: 60_000 } }),
      hasty: entry('echo', [], { limits: { callTimeoutMs: 600 } }),
    });
    await using _ = home;
    const daemon = await home.up();
    const patient = await daemon.legacy('/servers/patient/mcp');
    const hasty = await daemon.legacy('/servers/hasty/mcp');
    const long = patient.call('slow', { ms: 4_000, text: 'done' });
    await waitFor('the call in flight', async () => {
      const row = await daemon.api<Row>('/servers/patient');
      return row.inFlight === 1;
    });
    shift(ms);
    const asked = performance.now();
    const late = await hasty.request('tools/call', { name: 'slow', arguments: { ms: 60_000 } });
    assert.ok(late.error !== undefined);
    assert.ok(performance.now() - asked >= 590, 'the late one was given up too soon');
    assert.equal(await long, 'done');
    const { events } = await daemon.api<{ events: readonly { readonly tookMs: number }[] }>(
      '/events?kind=call.finished&subject=patient',
    );
    const last = events.at(-1);
    assert.ok(last !== undefined && last.tookMs >= 3_900 && last.tookMs < 60_000);
  });

test('the clock is set forward: a server that died young has not become stable by it', async () => {
  const { home, shift } = createShiftedHome({
    echo: entry('echo', [], { restart: { stableMs: hourMs / 2 } }),
  });
  await using _ = home;
  const daemon = await home.up();
  for (const [round, words] of [/death 1 in a row/, /death 2 in a row/].entries()) {
    const [one] = home.servers('echo');
    shift((round + 1) * hourMs);
    signal(one?.pid ?? 0, 'SIGKILL');
    await waitFor('its successor', async () => {
      const row = await daemon.api<Row>('/servers/echo');
      return row.state === 'ready' && home.servers('echo')[0]?.pid !== one?.pid;
    });
    const { stdout } = await home.run('events', '--kind', 'instance.died', '--json');
    assert.match(stdout, words);
  }
});

test('the clock is set back while a server refuses to stop: it is killed after its grace all the same', async () => {
  const { home, shift } = createShiftedHome({
    stubborn: entry('stubborn', [], { stop: { drainMs: 0, graceMs: 900 } }),
  });
  await using _ = home;
  await home.up();
  const stopped = home.run('stop', 'stubborn');
  shift(-hourMs);
  const began = performance.now();
  assert.equal((await stopped).code, 0);
  assert.ok(performance.now() - began < 20_000);
  assert.deepEqual(home.servers('stubborn'), []);
});
