import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { isAlive } from '../support/processes.ts';
import { waitFor } from '../support/wait.ts';

/** A node of our own in the machine's tree; undefined where there is no version 2, or it is not ours to divide. */
const group = makeGroup();
after(() => {
  if (group !== undefined) removeGroup(group);
});

function makeGroup(): string | undefined {
  const file = '/proc/self/mountinfo';
  const mounts = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const mount = mounts
    .split('\n')
    .find((line) => line.includes(' - cgroup2 '))
    ?.split(' ')[4];
  if (mount === undefined) return undefined;
  const folder = join(mount, `ringmaster-test-${process.pid}`);
  try {
    mkdirSync(folder);
    return existsSync(join(folder, 'cgroup.kill')) ? folder : undefined;
  } catch {
    return undefined;
  }
}

function removeGroup(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) removeGroup(join(folder, entry.name));
  rmdirSync(folder);
}

const real =
  group === undefined ? { skip: 'no control group of version 2 that we may divide' } : {};

const needed = ['memory', 'cpu', 'pids'];
/** Controllers that this machine has not given to version 1, nor kept from the children of the root. */
const offered = needed.filter((one) =>
  (group === undefined ? '' : readFileSync(join(group, 'cgroup.controllers'), 'utf8'))
    .trim()
    .split(' ')
    .includes(one),
);
const controlled =
  offered.length === needed.length
    ? real
    : { skip: `needs memory, cpu and pids in version 2, found ${offered.join(', ') || 'none'}` };

/** Begins in the leaf of a daemon, or in that node while it has none, as a service manager would; then becomes the daemon. */
const into = (node: string) => [
  ...['/bin/sh', '-c'],
  `{ echo $$ >${node}/daemon/cgroup.procs; } 2>/dev/null || echo $$ >${node}/cgroup.procs; exec "$@"`,
  'sh',
];

/** Loses mark, session, parents, output and group in one go: nothing but a control group knows it. */
const escaping =
  "(env -i setsid sh -c 'echo $$ >escaped.new; mv escaped.new escaped; exec sleep 600' " +
  '</dev/null >/dev/null 2>&1 &); while :; do sleep 600; done';

const leaves = () => readdirSync(group ?? '').filter((name) => name.startsWith('s.'));
const members = (leaf: string) =>
  readFileSync(join(group ?? '', leaf, 'cgroup.procs'), 'utf8')
    .trim()
    .split('\n')
    .map(Number);

interface Row {
  readonly limits: readonly { readonly resource: string; readonly means: string }[];
}

interface Events {
  readonly events: readonly { readonly resource: string; readonly action: string }[];
}

interface Status {
  readonly cgroup: { readonly kind: string; readonly why?: string };
}

test(
  'in a control group of its own nothing escapes a stop, and a daemon that comes back knows its leaves',
  real,
  async () => {
    const escapes = {
      kind: 'service',
      command: '/bin/sh',
      args: ['run.sh'],
      stop: { graceMs: 500 },
    };
    const servers = { escapes, echo: entry('echo') };
    await using home = createHome({ servers }, {}, into(group ?? ''));
    writeFileSync(join(home.folder, 'run.sh'), escaping);
    const daemon = await home.up();
    const { kind } = (await home.json<Status>('status')).cgroup;
    assert.equal(kind, offered.includes('memory') ? 'limits' : 'members');
    const file = join(home.folder, 'escaped');
    await waitFor('the escape', async () => existsSync(file));
    const escaped = Number(readFileSync(file, 'utf8'));
    assert.equal(leaves().length, 2);
    const own = leaves().find((leaf) => leaf.startsWith('s.escapes.')) ?? '';
    assert.ok(members(own).includes(escaped), 'its control group has it');
    assert.ok(members('daemon').includes(daemon.pid));
    const echo = await daemon.legacy();
    const pid = Number(await echo.call('pid'));

    await daemon.kill();
    const again = await home.up();
    assert.equal(Number(await (await again.legacy()).call('pid')), pid, 'it was taken up');
    const stopped = await home.run('stop', 'escapes');
    assert.equal(stopped.code, 0, stopped.stderr);
    assert.equal(isAlive(escaped), false, 'nothing escaped');
    const doctor = await home.run('doctor');
    assert.match(doctor.stdout, /control groups hold every server/);
    await again.stop();
    assert.deepEqual(leaves().flatMap(members).filter(Boolean), [], 'nobody is left in any leaf');
  },
);

test(
  'the kernel keeps the limits of memory and processor, and what it kills is told',
  controlled,
  async () => {
    const grow = 'const held=[];setInterval(()=>held.push(Buffer.alloc(2e6,1)),5)';
    const service = (script: string, resources: object) => ({
      ...{ kind: 'service', command: process.execPath, args: ['-e', script], resources },
    });
    const family = `require('child_process').spawn('sleep',['600']);${grow}`;
    const servers = {
      grows: service(family, { memoryBytes: '120MB' }),
      spins: service('for(;;);', { cpuPercent: 20, processes: 3 }),
    };
    await using home = createHome({ servers }, {}, into(group ?? ''));
    const daemon = await home.up('answers');
    const leafOf = (server: string) => leaves().find((leaf) => leaf.startsWith(`s.${server}.`));
    const spins = await waitFor('the leaf of a server', () => leafOf('spins'));
    const text = (file: string) => readFileSync(join(group ?? '', spins, file), 'utf8');
    assert.deepEqual([text('cpu.max'), text('pids.max')], ['20000 100000\n', '192\n']);
    await waitFor(
      'the processor to be held back',
      () => !/nr_throttled 0$/m.test(text('cpu.stat')),
    );
    const { limits } = await daemon.api<Row>('/servers/spins');
    assert.deepEqual(
      limits.map(({ resource, means }) => `${resource} ${means}`),
      ['cpuPercent cgroup', 'processes sampling'],
    );

    const { events } = await waitFor('the verdict of the kernel', async () => {
      const found = await daemon.api<Events>('/events?kind=instance.overLimit&subject=grows');
      return found.events.length > 0 ? found : undefined;
    });
    assert.deepEqual([events[0]?.resource, events[0]?.action], ['memoryBytes', 'killed']);
    const { stdout } = await home.run('events', '--kind', 'instance.died');
    assert.match(stdout, /killed by the kernel/);
    await daemon.stop();
    assert.deepEqual(leaves().flatMap(members).filter(Boolean), [], 'the whole family was killed');
  },
);

test(
  'where others share its control group the daemon touches nothing, and says so',
  real,
  async () => {
    await using home = createHome({ servers: {} });
    await home.up();
    const { cgroup } = await home.json<Status>('status');
    assert.equal(cgroup.kind, 'none');
    assert.match(cgroup.why ?? '', /absent|closed|root|shared/);
  },
);
