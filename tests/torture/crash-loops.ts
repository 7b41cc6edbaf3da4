import { createHome } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';
import type { Outcome, Torture } from './torture.ts';

/** The default `restart` policy: five deaths, then slow. */
const failAfter = 5;
const startsMax = 12;
const stableMs = 5_000;

interface Event {
  readonly seq: number;
  readonly atMs: number;
  readonly subject: string;
  readonly kind: string;
}

/** Servers that die at once, from birth or after a healthy time: few starts, an alert, and never given up. */
export const crashLoops: Torture = {
  name: 'crash loops',
  async run(size) {
    const windowMs = size === 'full' ? 60_000 : 4_000;
    const young = 'process.exit(7)';
    const old =
      "const fs=require('fs');if(fs.existsSync('worn'))process.exit(7);" +
      `setTimeout(()=>{fs.writeFileSync('worn','');process.exit(7)},${stableMs + 1_500})`;
    const service = (script: string) => ({
      ...{ kind: 'service', command: process.execPath, args: ['-e', script] },
    });
    await using home = createHome({ servers: { young: service(young), old: service(old) } });
    const daemon = await home.up('answers');
    const events = async () =>
      (await daemon.api<{ events: readonly Event[] }>('/events?limit=1000')).events;
    const outcomes: Outcome[] = [];
    for (const name of ['young', 'old']) {
      const own = async (kind: string) =>
        (await events())
          .filter((event) => event.subject === name && event.kind === kind)
          .toSorted((one, other) => one.seq - other.seq);
      const died = await waitFor(
        `the first death of ${name}`,
        async () => (await own('instance.died'))[0],
      );
      const isOver = () => Date.now() - died.atMs >= windowMs;
      await waitFor('the end of the window', isOver, windowMs * 2);
      const failed = await waitFor('the alert', async () => (await own('instance.failed'))[0]);
      const untilMs = died.atMs + windowMs;
      const spawned = await own('instance.spawned');
      const starts = spawned.filter(({ atMs }) => atMs <= untilMs && atMs >= died.atMs - 1);
      const lives = spawned.filter(({ seq }) => seq < failed.seq);
      const deaths = await own('instance.died');
      const row = await daemon.api<{ state: string; nextTryAtMs?: number }>(`/servers/${name}`);
      outcomes.push(
        {
          target: `${name}: at most ${startsMax} starts in ${windowMs / 1_000} s`,
          measured: String(starts.length),
          isMet: starts.length <= startsMax,
        },
        {
          target: `${name}: an alert after death ${failAfter}, then slow retries for ever`,
          measured:
            `${deaths.length} deaths, ${row.state}, alert after ${lives.length}, ` +
            (row.nextTryAtMs === undefined ? 'no next try' : 'next try known'),
          isMet:
            lives.length === failAfter && (row.state !== 'failed' || row.nextTryAtMs !== undefined),
        },
      );
    }
    return outcomes;
  },
};
