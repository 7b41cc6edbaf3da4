import { testNotifier } from '../alerts/alert-acts.ts';
import { copyLink } from '../client/copy-link.ts';
import { actOnServer } from '../client/server-acts.ts';
import type { PageNeeds } from '../page-needs.ts';
import { en, type Key } from '../words/en.ts';
import { goKeys } from './key-table.ts';
import type { PaletteEntry } from './palette.tsx';

const acts = ['server.restart', 'server.start', 'server.stop'] as const;

/** Everything the palette reaches: pages, servers, what can be done to them, and the same as commands to copy. */
export function paletteEntries(needs: PageNeeds, go: (path: string) => void): PaletteEntry[] {
  const { fleet, say } = needs;
  const servers = fleet.state().overview?.servers.map(({ server }) => server) ?? [];
  const pages = Object.values(goKeys).map((path): PaletteEntry => {
    const key = `nav.${path.slice(1) || 'fleet'}` as Key;
    const act = () => go(path);
    return { id: path, group: 'go', label: say(key), also: `${en[key]} ${path}`, act };
  });
  const places = servers.map((server): PaletteEntry => {
    const act = () => go(`/servers/${encodeURIComponent(server)}`);
    return { id: `go-${server}`, group: 'go', label: server, also: '', act };
  });
  const doable = servers.flatMap((server) =>
    acts.map((name): PaletteEntry => {
      const act = () => void actOnServer(needs, name, server);
      const label = say(`do.${name}`, { server });
      return { id: `${name}-${server}`, group: 'do', label, also: name, act, isOfDaemon: true };
    }),
  );
  const commands = servers.flatMap((server) =>
    ['restart', 'logs', 'calls'].map((word): PaletteEntry => {
      const label = `ringmaster ${word} ${server}`;
      const act = () => void navigator.clipboard?.writeText(label);
      return { id: `${word}-${server}`, group: 'command', label, also: '', act };
    }),
  );
  const test: PaletteEntry = {
    ...{
      id: 'alert.test',
      group: 'do',
      label: say('act.test'),
      also: en['act.test'],
      isOfDaemon: true,
    },
    act: () => void testNotifier(needs),
  };
  const copy: PaletteEntry = {
    ...{ id: 'copy', group: 'do', label: say('keys.copy'), also: en['keys.copy'] },
    act: () => void copyLink(needs),
  };
  return [...pages, ...places, test, copy, ...doable, ...commands];
}
