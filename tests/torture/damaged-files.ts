import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createHome, entry, type Home } from '../support/home.ts';
import type { Outcome, Torture } from './torture.ts';

/** What is done to the files of a daemon that was killed. */
const damages: Readonly<Record<string, (dataDir: string) => void>> = {
  'instances.json holds nonsense': (dataDir) => write(dataDir, 'run/instances.json', '{"life":'),
  'instances.json is empty': (dataDir) => write(dataDir, 'run/instances.json', ''),
  'instances.json is a folder': (dataDir) => beFolder(join(dataDir, 'run/instances.json')),
  'instances.json names strangers': (dataDir) => write(dataDir, 'run/instances.json', strangers()),
  'daemon.json holds nonsense': (dataDir) => write(dataDir, 'run/daemon.json', 'x'),
  'guardian.json holds nonsense': (dataDir) => write(dataDir, 'run/guardian.json', '[]'),
  'owner is empty': (dataDir) => write(dataDir, 'run/owner', ''),
  'the pipes are gone': (dataDir) => rmSync(join(dataDir, 'run/pipes'), { recursive: true }),
  'journal.db holds nonsense': (dataDir) => {
    for (const end of ['-wal', '-shm']) rmSync(join(dataDir, `journal.db${end}`), { force: true });
    write(dataDir, 'journal.db', 'nonsense'.repeat(2_000));
  },
  'the folder of a log is a file': (dataDir) => {
    rmSync(join(dataDir, 'logs/echo'), { recursive: true, force: true });
    write(dataDir, 'logs/echo', '');
  },
};

/** Each takes two daemons; over some runs of the tests, every one of them has its turn. */
const smallShare = 0.4;

/**
 * A daemon is killed and one of its files damaged. The next one either serves, each server once, or refuses to start in
 * a sentence; it never crashes, and its end leaves nothing.
 */
export const damagedFiles: Torture = {
  name: 'damaged files',
  async run(size, chance) {
    const outcomes: Outcome[] = [];
    const chosen = Object.entries(damages).filter(() => size === 'full' || chance() < smallShare);
    for (const [what, damage] of chosen) {
      await using home = createHome({ servers: { echo: entry('echo'), other: entry('modern') } });
      const first = await home.up();
      await first.kill();
      damage(home.dataDir);
      outcomes.push(await comeBack(what, home));
    }
    return outcomes;
  },
};

async function comeBack(what: string, home: Home): Promise<Outcome> {
  const target = `${what}: serves, each server once, or says why not`;
  try {
    const daemon = await home.up('ready');
    const sum = await (await daemon.legacy('/servers/echo/mcp')).call('add', { a: 1, b: 1 });
    const counts = ['echo', 'modern'].map((name) => home.servers(name).length);
    const code = await daemon.stop();
    const left = home.processes().filter(({ commandLine }) => !commandLine.includes('guardian'));
    return {
      target,
      measured: `${counts.join(' + ')} processes, ${left.length} left after the stop`,
      isMet: sum === '2' && counts.every((count) => count === 1) && code === 0 && left.length === 0,
    };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const isSentence = /ended with [13]:/.test(said) && !/\n\s+at .*:\d+/.test(said);
    return { target, measured: said.replaceAll('\n', ' ').slice(0, 200), isMet: isSentence };
  }
}

function write(dataDir: string, name: string, text: string): void {
  const path = join(dataDir, name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function beFolder(path: string): void {
  rmSync(path, { force: true });
  mkdirSync(join(path, 'inside'), { recursive: true });
}

/** A well-formed record of processes that are not ours: this one, and PID 1. */
function strangers(): string {
  const one = (pid: number) => ({
    ...{ server: 'echo', index: 0, kind: 'stdio', generation: 1, pid, startTime: '1' },
    ...{ mark: 'x/echo/0/1', startedAtMs: 0, launchHash: '', pipes: { log: '/nowhere' } },
    graceMs: 100,
  });
  return JSON.stringify({ life: 9, orphanGraceMs: 60_000, instances: [one(1), one(process.pid)] });
}
