import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHome, entry } from '../support/home.ts';
import { signal } from '../support/processes.ts';
import { waitFor } from '../support/wait.ts';
import type { Outcome, Torture } from './torture.ts';

const shifter = fileURLToPath(new URL('../support/shifted-clock.js', import.meta.url));
const jumpMaxMs = 10 * 365 * 86_400_000;
/** Longest back-off of these servers, and room for a slow machine. */
const backWithinMs = 60_000;

interface Row {
  readonly server: string;
  readonly state: string;
  readonly restarts: number;
}

/** The time of day is set back and forth while servers die and start again: waits are waits, whatever the clock says. */
export const clockJumps: Torture = {
  name: 'a clock that jumps while everything restarts',
  async run(size, chance) {
    const rounds = size === 'full' ? 40 : 4;
    const restart = { restart: { baseDelayMs: 50, maxDelayMs: 500 } };
    await using home = createHome(
      {
        servers: {
          echo: entry('echo', [], restart),
          crash: entry('crash', ['--at-once'], restart),
        },
      },
      { NODE_OPTIONS: `--import ${shifter}`, SHIFTED_CLOCK: 'shift' },
    );
    const jump = () =>
      writeFileSync(join(home.folder, 'shift'), String(Math.round((chance() * 2 - 1) * jumpMaxMs)));
    const daemon = await home.up('answers');
    const row = async (server: string) => await daemon.api<Row>(`/servers/${server}`);
    const isReady = async () => (await row('echo')).state === 'ready';
    await waitFor('the echo', isReady, backWithinMs);
    let longestMs = 0;
    for (let round = 0; round < rounds; round += 1) {
      const [victim] = home.servers('echo');
      jump();
      if (victim !== undefined) signal(victim.pid, 'SIGKILL');
      jump();
      const before = performance.now();
      const isBack = () => home.servers('echo').some(({ pid }) => pid !== victim?.pid);
      await waitFor('another process', isBack, backWithinMs);
      await waitFor('the echo to be ready', isReady, backWithinMs);
      longestMs = Math.max(longestMs, performance.now() - before);
    }
    const starts = (await row('crash')).restarts;
    await waitFor('the next try', async () => (await row('crash')).restarts > starts, backWithinMs);
    const { events } = await daemon.api<{ events: readonly unknown[] }>(
      '/events?kind=invariant.broken',
    );
    const code = await daemon.stop();
    const outcomes: Outcome[] = [
      {
        target: 'each is back after its back-off, whatever the clock says',
        measured: `${rounds} jumps of up to 10 years, longest ${Math.round(longestMs)} ms`,
        isMet: longestMs < backWithinMs,
      },
      {
        target: 'nothing impossible, an orderly end, nothing left',
        measured: `${events.length} impossible, exit ${code}, ${home.processes().length} left`,
        isMet: events.length === 0 && code === 0 && home.processes().length === 0,
      },
    ];
    return outcomes;
  },
};
