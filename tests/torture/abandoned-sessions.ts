import { readFileSync } from 'node:fs';
import { createHome, entry } from '../support/home.ts';
import { none, type Torture } from './torture.ts';

const atOnce = 32;
const growthMaxBytes = 16 * 1_048_576;

/** Clients of the older era that open a session, call once and are never heard of again. */
export const abandonedSessions: Torture = {
  name: 'sessions opened and abandoned',
  async run(size) {
    const count = size === 'full' ? 10_000 : 200;
    await using home = createHome({
      sessions: { max: count / 2 },
      servers: { echo: entry('echo') },
    });
    const daemon = await home.up();
    const before = home.processes().length;
    const open = async () => {
      let done = 0;
      const lanes = Array.from({ length: atOnce }, async () => {
        while (done++ < count) {
          const client = await daemon.legacy();
          if ((await client.call('add', { a: 1, b: 1 })) !== '2') throw new Error('a wrong sum');
        }
      });
      await Promise.all(lanes);
      return residentBytes(daemon.pid);
    };
    // The table is full after half of the first round: from then on each new one replaces another.
    const first = await open();
    const second = await open();
    const { sessions } = await daemon.api<{ sessions: number }>('/status');
    const after = home.processes();
    const grown = second - first;
    return [
      {
        target: `another ${count} sessions take no more than ${growthMaxBytes / 1_048_576} MiB`,
        measured: `${(first / 1_048_576).toFixed(0)} MiB, then ${(grown / 1_048_576).toFixed(1)} more`,
        isMet: grown <= growthMaxBytes,
      },
      {
        target: `at most ${count / 2} sessions are kept`,
        measured: String(sessions),
        isMet: sessions <= count / 2,
      },
      none(
        'no process more than before',
        after.slice(before).map((one) => one.commandLine),
        `${after.length} processes`,
      ),
    ];
  },
};

function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024;
}
