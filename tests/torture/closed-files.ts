import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { createHome, type Daemon, entry, type Home } from '../support/home.ts';
import { signal } from '../support/processes.ts';
import { waitFor } from '../support/wait.ts';
import type { Outcome, Torture } from './torture.ts';

/** The user without rights that every Linux has. */
const nobody = 65_534;
/** Each starts a daemon or two; over some runs of the tests, every one has its turn. */
const smallShare = 0.4;

const isRoot = process.getuid?.() === 0;
/** Modes hold nobody back who is root. */
const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];

const printer = "let n=0;setInterval(()=>console.log('line '+n++),20)";
const servers = {
  echo: entry('echo'),
  prints: { kind: 'service', command: process.execPath, args: ['-e', printer] },
};

/**
 * A daemon of an ordinary user, whose folders and files are closed to it while it runs and before it starts: what it
 * cannot do it says, what it can it goes on doing, and when they are open again all is as before.
 */
export const closedFiles: Torture = {
  name: 'closed files, as an ordinary user',
  impossible: () =>
    !isRoot || existsSync('/usr/bin/setpriv')
      ? undefined
      : 'needs setpriv of util-linux, as modes hold nobody back who is root',
  async run(size, chance) {
    const outcomes: Outcome[] = [];
    const chosen = Object.entries(cases).filter(() => size === 'full' || chance() < smallShare);
    for (const [target, torture] of chosen) {
      await using home = createHome({ servers }, {}, isRoot ? asNobody : []);
      if (isRoot) for (const path of [home.folder, home.file]) chownSync(path, nobody, nobody);
      const measured = await torture(home).catch((error: unknown) => new Error(String(error)));
      const isMet = !(measured instanceof Error);
      outcomes.push({ target, measured: isMet ? measured : measured.message.slice(0, 300), isMet });
      for (const path of [home.dataDir, join(home.dataDir, 'logs', 'prints'), home.file])
        ignoreMissing(() => chmodSync(path, 0o700));
    }
    return outcomes;
  },
};

/** What happens, in a few words; throws what should not. */
const cases: Readonly<Record<string, (home: Home) => Promise<string>>> = {
  async 'servers of an ordinary user run as that user'(home) {
    const daemon = await home.up();
    const uids = home.processes().map(({ pid }) => uidOf(pid));
    demand(!isRoot || uids.every((uid) => uid === nobody), `users ${uids.join(' ')}`);
    await serves(daemon);
    demand((await daemon.stop()) === 0, 'no orderly end');
    return `${uids.length} processes`;
  },
  async 'a log folder that is closed while it runs: its open file goes on'(home) {
    const daemon = await home.up();
    const folder = join(home.dataDir, 'logs', 'prints');
    await waitFor('a line', async () => (await lines(daemon)).length > 0);
    chmodSync(folder, 0);
    await daemon.api('/servers/restart', { servers: ['prints'] });
    await serves(daemon);
    chmodSync(folder, 0o700);
    const before = (await lines(daemon)).at(-1);
    await waitFor('new lines', async () => (await lines(daemon)).at(-1) !== before);
    await daemon.stop();
    return 'new lines follow';
  },
  async 'a log folder that is closed before the start: told, and it serves'(home) {
    const first = await home.up();
    await waitFor('a line', async () => (await lines(first)).length > 0);
    await first.stop();
    chmodSync(join(home.dataDir, 'logs', 'prints'), 0);
    const daemon = await home.up();
    await serves(daemon);
    const log = () => daemon.api<Log>('/servers/prints/logs?lines=5');
    const lost = await waitFor('the loss to be told', async () => (await log()).lostBytes);
    await daemon.stop();
    return `${lost} bytes told as lost`;
  },
  async 'a fleet file that cannot be read at a change: the old fleet stays, and it is told'(home) {
    const daemon = await home.up();
    chmodSync(home.file, 0);
    const applied = await daemon
      .api<{ detail?: string; code?: string }>('/fleet/apply', {})
      .catch((error: unknown) => ({ detail: String(error), code: undefined }));
    demand(/EACCES|permission/i.test(JSON.stringify(applied)), JSON.stringify(applied));
    await serves(daemon);
    chmodSync(home.file, 0o600);
    utimesSync(home.file, new Date(), new Date());
    await daemon.api('/fleet/apply', {});
    await serves(daemon);
    await daemon.stop();
    return 'refused with the reason';
  },
  async 'a fleet file that cannot be read at the start: a sentence'(home) {
    chmodSync(home.file, 0);
    return await refusal(home, 1, 3);
  },
  async 'a data directory that becomes read-only: servers are looked after all the same'(home) {
    const daemon = await home.up();
    const client = await daemon.legacy('/servers/echo/mcp');
    for (const path of [join(home.dataDir, 'run'), home.dataDir]) chmodSync(path, 0o500);
    signal(Number(await client.call('pid')), 'SIGKILL');
    await waitFor('the echo again', async () => (await sum(daemon)) === '2');
    const { events } = await daemon.api<{ events: readonly unknown[] }>(
      '/events?kind=record.unsaved',
    );
    demand(events.length === 1, `${events.length} events record.unsaved`);
    for (const path of [home.dataDir, join(home.dataDir, 'run')]) chmodSync(path, 0o700);
    demand((await daemon.stop()) === 0, 'no orderly end');
    return 'told once';
  },
  async 'a data directory that is read-only at the start: a sentence, and nothing is left'(home) {
    mkdirSync(home.dataDir, { mode: 0o500 });
    if (isRoot) chownSync(home.dataDir, nobody, nobody);
    return await refusal(home, 1);
  },
  async 'a journal that may not be written at the start: a sentence, and no lie of another daemon'(
    home,
  ) {
    const first = await home.up();
    await first.stop();
    chmodSync(join(home.dataDir, 'journal.db'), 0o400);
    return await refusal(home, 1);
  },
  async 'a lock that may not be written at the start: a sentence, and no lie of another daemon'(
    home,
  ) {
    const first = await home.up();
    await first.stop();
    chmodSync(join(home.dataDir, 'run', 'lock.db'), 0o400);
    return await refusal(home, 1);
  },
};

interface Log {
  readonly lines: readonly string[];
  readonly lostBytes?: number;
}

async function lines(daemon: Daemon): Promise<readonly string[]> {
  return (await daemon.api<Log>('/servers/prints/logs?lines=5')).lines;
}

async function sum(daemon: Daemon): Promise<string> {
  return (await daemon.legacy('/servers/echo/mcp')).call('add', { a: 1, b: 1 });
}

async function serves(daemon: Daemon): Promise<void> {
  demand((await sum(daemon)) === '2', 'it does not serve');
}

async function refusal(home: Home, ...codes: readonly number[]): Promise<string> {
  const said = await home.up().then(
    async (daemon) => {
      await daemon.stop();
      return 'it started';
    },
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const code = Number(/ended with (\d+):/.exec(said)?.[1]);
  const isSentence = codes.includes(code) && !/\n\s+at .*:\d+/.test(said);
  demand(isSentence && /EACCES|permission/i.test(said), said);
  demand(home.processes().length === 0, 'processes are left');
  return said.replaceAll('\n', ' ').slice(0, 160);
}

function uidOf(pid: number): number {
  return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

function demand(isSo: boolean, found: string): void {
  if (!isSo) throw new Error(found);
}

function ignoreMissing(change: () => void): void {
  try {
    change();
  } catch {
    // Never made in this case.
  }
}
