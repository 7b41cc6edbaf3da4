import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHome, type Daemon, entry, type Home } from '../support/home.ts';
import { signal } from '../support/processes.ts';
import { waitFor } from '../support/wait.ts';
import type { Outcome, Torture } from './torture.ts';

const diskSize = '24m';

interface Log {
  readonly lines: readonly string[];
  readonly lostBytes?: number;
}

/** The disk of the data folder fills up: servers run on and are looked after, and nothing is lost without a word. */
export const fullDisk: Torture = {
  name: 'full disk',
  impossible: () =>
    process.getuid?.() === 0 && process.platform === 'linux'
      ? undefined
      : 'needs root on Linux, to mount a small disk',
  async run() {
    const printer = "let n=0;setInterval(()=>console.log('line '+n++),20)";
    await using home = createHome({
      servers: {
        echo: entry('echo'),
        prints: { kind: 'service', command: process.execPath, args: ['-e', printer] },
      },
    });
    mkdirSync(home.dataDir, { recursive: true });
    execFileSync('mount', [
      '-t',
      'tmpfs',
      '-o',
      `size=${diskSize},mode=0700`,
      'tmpfs',
      home.dataDir,
    ]);
    try {
      return await fillAndFree(home);
    } finally {
      for (const { pid } of home.processes()) signal(pid, 'SIGKILL');
      await waitFor('the end of every process', () => home.processes().length === 0);
      await waitFor('the disk to be let go', () => isUnmounted(home.dataDir));
    }
  },
};

async function fillAndFree(home: Home): Promise<Outcome[]> {
  const daemon = await home.up();
  const client = await daemon.legacy();
  const filler = join(home.dataDir, 'filler');
  fill(filler, home.dataDir);
  const outcomes: Outcome[] = [];
  const log = () => daemon.api<Log>('/servers/prints/logs?lines=1');
  const lost = await waitFor(
    'the loss to be told',
    async () => (await log()).lostBytes || undefined,
  );
  outcomes.push({
    target: 'lost log lines are told of',
    measured: `${lost} bytes`,
    isMet: lost > 0,
  });

  const before = Number(await client.call('pid'));
  signal(before, 'SIGKILL');
  const after = Number(await client.call('pid').catch(() => client.call('pid')));
  outcomes.push({
    target: 'a server that dies is started again, and answers',
    measured: after !== before ? 'a new process answers' : 'the old one',
    isMet: after > 0 && after !== before,
  });
  const [one] = home.servers('echo').map(({ pid }) => pid);
  outcomes.push({
    target: 'the daemon answers and names its servers',
    measured: `${home.servers('echo').length} of 1`,
    isMet: one === after && home.servers('echo').length === 1,
  });

  rmSync(filler);
  const newest = Number((await log()).lines[0]?.replace(/^.*line /, '') ?? 0);
  await waitFor(
    'new lines in the log',
    async () => Number((await log()).lines[0]?.replace(/^.*line /, '') ?? 0) > newest,
  );
  outcomes.push({ target: 'with room again, logs go on', measured: 'new lines', isMet: true });
  await client.call('add', { a: 1, b: 1 });
  const hasDeath = async () => {
    const { events } = await daemon.api<{ events: readonly { kind: string }[] }>(
      '/events?kind=instance.died&subject=echo',
    );
    return events.length > 0;
  };
  const isTold = await waitFor('the death in the journal', hasDeath).catch(() => false);
  outcomes.push({
    target: 'the journal has what happened meanwhile',
    measured: isTold ? 'the death is there' : 'the death is missing',
    isMet: isTold !== false,
  });
  await daemon.kill();
  const next = await home.up();
  const kept = Number(await (await next.legacy()).call('pid'));
  outcomes.push({
    target: 'the next daemon takes over what was started on the full disk',
    measured: kept === after ? 'the same process' : 'another process',
    isMet: kept === after,
  });
  fill(filler, home.dataDir);
  return [...outcomes, ...(await actAndStop(home, next))];
}

/** What a person does when told that the disk is full. */
async function actAndStop(home: Home, daemon: Daemon): Promise<Outcome[]> {
  const scaled = await home.run('scale', 'echo', '2');
  const health = await home.run('health');
  const code = await daemon.stop();
  const left = home.processes().filter(({ commandLine }) => !commandLine.includes('guardian'));
  return [
    {
      target: 'an act is answered although it cannot be written down',
      measured: `exit code ${scaled.code}`,
      isMet: scaled.code === 0,
    },
    {
      target: 'health says that the journal cannot be written',
      measured: /journal.*$/m.exec(health.stdout)?.[0] ?? health.stderr,
      isMet: /the journal cannot be written/.test(health.stdout),
    },
    {
      target: 'an orderly stop on a full disk ends, with every server',
      measured: `exit code ${code}, ${left.length} processes left`,
      isMet: code === 0 && left.length === 0,
    },
  ];
}

/** Until not even a page fits: first in large pieces, then in small ones. */
function fill(file: string, folder: string): void {
  for (const bytes of [65_536, 4_096, 512]) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' });
    } catch {
      // No room for a piece of this size; a smaller one may fit.
    }
  }
  if (statfsSync(folder).bavail > 1) throw new Error('The disk could not be filled');
}

function isUnmounted(folder: string): boolean {
  try {
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    // Somebody still closes a file there.
    return false;
  }
}
