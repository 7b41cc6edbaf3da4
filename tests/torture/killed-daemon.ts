import { isGuarded } from '../support/guarded.ts';
import { createHome, entry, type Home } from '../support/home.ts';
import type { McpClient } from '../support/mcp-client.ts';
import { isAlive, signal } from '../support/processes.ts';
import { waitFor } from '../support/wait.ts';
import { none, type Torture } from './torture.ts';

const serverCount = 4;
const killWithinMs = 1_500;

/** The daemon is killed at any moment, its own start included, while clients call and a service prints. */
export const killedDaemon: Torture = {
  name: 'daemon killed at random moments under load',
  async run(size, chance) {
    const kills = size === 'full' ? 50 : 4;
    const names = Array.from({ length: serverCount }, (_, at) => `echo${at}`);
    const printer = "setInterval(()=>console.log('x'.repeat(80)),5)";
    await using home = createHome({
      servers: {
        ...Object.fromEntries(names.map((name) => [name, entry('echo', [`--as-${name}`])])),
        api: entry('service', [], { kind: 'service', port: 'auto', health: { http: '/health' } }),
        loud: { kind: 'service', command: process.execPath, args: ['-e', printer] },
      },
    });
    let daemon = await home.up();
    await waitFor('the guardian', () => isGuarded(home.dataDir));
    const first = serversOf(home);
    const faults: string[] = [];
    let calls = 0;
    for (let kill = 1; kill <= kills; kill += 1) {
      const load = await daemon.legacy().then((client) => startLoad(client));
      await passed(chance() * killWithinMs);
      for (const pid of pidsOf(home, /ringmaster\.js up/)) signal(pid, 'SIGKILL');
      calls += await load();
      // Every third of its successors dies young, in the middle of taking over.
      if (kill % 3 === 0) {
        const stillborn = home.up('answers').catch(() => undefined);
        await passed(chance() * killWithinMs);
        for (const pid of pidsOf(home, /ringmaster\.js up/)) signal(pid, 'SIGKILL');
        await stillborn;
      }
      await waitFor('the end of the daemon', () => pidsOf(home, /ringmaster\.js up/).length === 0);
      daemon = await home.up();
      const now = serversOf(home);
      if (now.length !== first.length)
        faults.push(`kill ${kill}: ${now.length} server processes, needed ${first.length}`);
    }
    const now = serversOf(home);
    const kept = first.filter((pid) => now.includes(pid) && isAlive(pid));
    await daemon.stop();
    const left = home.processes().filter(({ commandLine }) => !commandLine.includes('guardian'));
    return [
      none('no server doubled or lost', faults, `${kills} kills, ${calls} calls`),
      {
        target: 'every server is the process of the beginning',
        measured: `${kept.length} of ${first.length}`,
        isMet: kept.length === first.length,
      },
      none(
        'nothing left after the last stop',
        left.map((one) => one.commandLine),
        'nothing',
      ),
    ];
  },
};

/** Calls until the daemon is gone; the result waits for that and says how many were answered. */
function startLoad(client: McpClient): () => Promise<number> {
  const lanes = Array.from({ length: serverCount }, async () => {
    for (let count = 0; ; count += 1) {
      const sum = await client.call('echo0__add', { a: count, b: 1 }).catch(() => undefined);
      if (sum === undefined) return count;
      if (sum !== String(count + 1)) throw new Error(`asked for ${count} + 1, was told ${sum}`);
    }
  });
  const done = Promise.all(lanes);
  return async () => (await done).reduce((all, count) => all + count, 0);
}

function serversOf(home: Home): number[] {
  return pidsOf(home, /servers\/|setInterval/);
}

function pidsOf(home: Home, pattern: RegExp): number[] {
  return home
    .processes()
    .filter(({ commandLine }) => pattern.test(commandLine))
    .map(({ pid }) => pid);
}

function passed(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
