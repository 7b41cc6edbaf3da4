import { createHome, entry, type FleetText } from '../support/home.ts';
import { signal } from '../support/processes.ts';
import { waitFor } from '../support/wait.ts';
import { none, type Torture } from './torture.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];

interface Row {
  readonly server: string;
  readonly state: string;
  readonly wanted: string;
}

/** Servers die while fleets are applied that change, add and remove them; at last, what runs is what is wanted. */
export const applyWhileRestarting: Torture = {
  name: 'fleets applied while everything restarts',
  async run(size, chance) {
    const rounds = size === 'full' ? 40 : 4;
    const fleetOf = (round: number): FleetText => ({
      servers: Object.fromEntries(
        names
          .filter(() => chance() < 0.8)
          .map((name) => [
            name,
            entry('echo', [`--as-${name}`], {
              ...{ env: { ROUND: String(chance() < 0.5 ? round : 0) } },
              ...{ stop: { graceMs: 500, drainMs: 200 }, dependsOn: [] },
            }),
          ]),
      ),
    });
    await using home = createHome(fleetOf(0));
    const daemon = await home.up();
    let last = fleetOf(0);
    for (let round = 1; round <= rounds; round += 1) {
      for (const { pid } of home.servers('echo')) if (chance() < 0.4) signal(pid, 'SIGKILL');
      last = fleetOf(round);
      home.write(last);
      await Promise.all([
        daemon.api('/fleet/apply', {}),
        chance() < 0.5
          ? daemon.api('/servers/restart', { servers: ['all'], wait: false })
          : undefined,
        new Promise((resolve) => setTimeout(resolve, chance() * 400)),
      ]);
    }
    await daemon.api('/fleet/apply', {});
    const wanted = Object.keys(last.servers).toSorted();
    const rows = async () => (await daemon.api<{ servers: readonly Row[] }>('/servers')).servers;
    await waitFor('every server to be ready', async () =>
      (await rows()).every(({ state }) => state === 'ready'),
    );
    const running = () =>
      home
        .servers('echo')
        .map(({ commandLine }) => /--as-(\w)/.exec(commandLine)?.[1] ?? '?')
        .toSorted();
    await waitFor('the last ones to be gone', () => running().length <= wanted.length).catch(
      () => undefined,
    );
    const names_ = (await rows()).map(({ server }) => server).toSorted();
    const { events } = await daemon.api<{ events: readonly { what?: string }[] }>(
      '/events?kind=invariant.broken',
    );
    const code = await daemon.stop();
    return [
      {
        target: 'what runs is what the last fleet wants',
        measured: names_.join(' '),
        isMet: names_.join() === wanted.join(),
      },
      none('nothing left after the stop', running(), `exit code ${code}`),
      {
        target: 'the stop is an orderly one',
        measured: code === 0 ? 'exit code 0' : `exit code ${code}: ${daemon.output().slice(-500)}`,
        isMet: code === 0,
      },
      none(
        'the instance table saw nothing impossible',
        events.map(({ what }) => what ?? ''),
        `${rounds} rounds`,
      ),
    ];
  },
};
