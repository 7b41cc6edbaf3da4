import { createHome, entry } from '../support/home.ts';
import { none, type Outcome, type Torture } from './torture.ts';

const graceMs = 1_000;
const slackMs = 200;
/** Does not listen to SIGTERM, and sleeps in small pieces, as a shell waits for its child before it dies. */
const deaf = 'trap "" TERM; while :; do sleep 0.2; done';

const trees: Readonly<Record<string, string>> = {
  'ignores SIGTERM': deaf,
  'obeys, its child does not': `sh -c '${deaf}' & wait`,
  'has a deaf child in a session of its own': `setsid sh -c '${deaf}' & wait`,
  'has a daemon by double fork': `(setsid sh -c '${deaf}' &); exec sleep 1000`,
  'left with all its children behind': `(setsid sh -c '${deaf}' &); sh -c '${deaf}' & sleep 0.3; exit 0`,
  'has a deaf stray that starts others all the time': `(setsid sh -c 'trap "" TERM; while :; do sleep 3 & sleep 0.05; done' &); exec sleep 1000`,
  'has a wide and deep tree': `f() { [ $1 -gt 0 ] && { (f $(($1-1))) & (f $(($1-1))) & }; ${deaf}; }; f 4`,
};

/** Process trees that do not want to end: all of them do, soon after their grace. */
export const stubbornTrees: Torture = {
  name: 'stubborn process trees',
  async run(size) {
    const names = Object.keys(trees);
    const servers = names.map((name, at) => [
      `tree${at}`,
      {
        ...{ kind: 'service', command: 'sh', args: ['-c', trees[name]] },
        ...{ stop: { graceMs, drainMs: 0 }, restart: { policy: 'never' } },
      },
    ]);
    await using home = createHome({
      servers: {
        ...Object.fromEntries(servers),
        stdio: entry('stubborn', [], { stop: { graceMs, drainMs: 0 } }),
      },
    });
    const daemon = await home.up('answers');
    const client = await daemon.legacy('/servers/stdio/mcp');
    await client.call('family');
    const outcomes: Outcome[] = [];
    for (const [at, name] of [...names, 'speaks MCP, and ignores its end of input'].entries()) {
      const server = at < names.length ? `tree${at}` : 'stdio';
      await daemon.api(`/servers/stop`, { servers: [server] });
      const row = await daemon.api<{ state: string; sinceMs: number }>(`/servers/${server}`);
      const { events } = await daemon.api<{ events: readonly { kind: string; atMs: number }[] }>(
        `/events?subject=${server}`,
      );
      const began = events.find(({ kind }) => kind === 'instance.stopping')?.atMs ?? row.sinceMs;
      const tookMs = row.sinceMs - began;
      outcomes.push({
        target: `${name}: stopped${size === 'small' ? '' : ` within ${graceMs} + ${slackMs} ms`}`,
        measured: `${row.state} after ${tookMs} ms`,
        isMet: row.state === 'stopped' && (size === 'small' || tookMs <= graceMs + slackMs),
      });
    }
    const left = home
      .processes()
      .filter(({ commandLine }) => !/ringmaster\.js|guardian/.test(commandLine));
    outcomes.push(
      none(
        'nothing left behind',
        left.map((one) => one.commandLine),
        'nothing',
      ),
    );
    return outcomes;
  },
};
