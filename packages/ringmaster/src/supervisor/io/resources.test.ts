import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FleetFileInput } from '../../fleet/schema.ts';
import { fleetOf, forget, type Supervised, supervise } from './testing/supervise.ts';

type Entry = NonNullable<FleetFileInput['servers']>[string];

/** A service that is `script`, and what becomes of it. */
async function withService(
  script: string,
  entry: Partial<Entry>,
  look: (supervised: Supervised) => Promise<void>,
): Promise<void> {
  const supervised = supervise();
  const service = { kind: 'service' as const, command: process.execPath, args: ['-e', script] };
  const stop = { graceMs: 500, drainMs: 0 };
  try {
    await supervised.begin(fleetOf({ it: { ...service, stop, ...entry } }));
    await look(supervised);
  } finally {
    await supervised.supervisor.shutdown('the test is over');
    forget(supervised.dataDir);
  }
}

/** Holds so much memory, every page of it written. */
const hungry = (bytes: number) =>
  `globalThis.held=Buffer.alloc(${bytes},1);setInterval(()=>{},1e6)`;

test('a server above its memory limit is told of, then restarted, with the reason', async () => {
  const entry = {
    resources: { memoryBytes: 150_000_000 },
    restart: { policy: 'on-failure' as const },
  };
  await withService(hungry(200_000_000), entry, async ({ events, until, view }) => {
    const excesses = () => events.filter(({ kind }) => kind === 'instance.overLimit');
    await until(() => excesses().length >= 2, 'the excess to be told and acted upon');
    await until(() => events.some(({ kind }) => kind === 'instance.died'), 'its end');
    assert.deepEqual(
      excesses()
        .slice(0, 2)
        .map((event) => event.kind === 'instance.overLimit' && event.action),
      ['told', 'restarted'],
    );
    const death = events.find(({ kind }) => kind === 'instance.died');
    assert.ok(death?.kind === 'instance.died');
    assert.match(death.why, /used 2\d\d MB of memory, resources.memoryBytes allows 150 MB/);
    assert.equal(death.expected, false);
    await until(() => view('it').generation === 2, 'its next start');
  });
});

test('at twice its limit it is killed at once, whatever it does', async () => {
  const script = `process.on('SIGTERM',()=>{});${hungry(200_000_000)}`;
  const entry = { resources: { memoryBytes: 60_000_000 }, stop: { graceMs: 60_000 } };
  await withService(script, { ...entry, restart: { policy: 'never' } }, async (found) => {
    await found.until(() => found.view('it').lastDeath !== undefined, 'its end');
    const { lastDeath } = found.view('it');
    assert.match(lastDeath?.why ?? '', /killed, as it used .*resources.memoryBytes allows 60 MB/);
    assert.deepEqual(lastDeath?.exit, { kind: 'signalled', signal: 'SIGKILL' });
  });
});

test('processes are counted over the whole tree, detached ones too', async () => {
  const script =
    "const{spawn}=require('child_process');for(let i=0;i<3;i++)" +
    "spawn('sleep',['600'],{detached:i===1,stdio:'ignore'});setInterval(()=>{},1e6)";
  const entry = { resources: { processes: 3 }, restart: { policy: 'never' as const } };
  await withService(script, entry, async (found) => {
    await found.until(() => found.view('it').lastDeath !== undefined, 'its end');
    assert.match(found.view('it').lastDeath?.why ?? '', /ran 4 processes, .* allows 3/);
    assert.deepEqual(found.marked(), []);
  });
});

test('limits in force are shown with their means', async () => {
  const resources = { memoryBytes: '1GB', cpuPercent: 50, processes: 9, openFiles: 99 };
  await withService('setInterval(()=>{},1e6)', { resources }, async ({ view }) => {
    assert.deepEqual(
      view('it').limits?.map(({ resource, limit }) => [resource, limit]),
      [
        ['memoryBytes', 1_000_000_000],
        ['cpuPercent', 50],
        ['processes', 9],
        ['openFiles', 99],
      ],
    );
  });
});
