import type { FleetProblem } from './problem.ts';
import { type FleetFile, serverNamePattern } from './schema.ts';
import { unknownName } from './suggest.ts';

type Add = (path: FleetProblem['path'], message: string, at?: 'key' | 'value') => void;

/** The rules about names, and about who sees what, that need more than one field. */
export function checkViews(file: FleetFile, add: Add): void {
  for (const [name, entry] of Object.entries(file.servers)) {
    const firsts = new Map<string, string>();
    for (const [own, renamed] of Object.entries(entry.show.tools.rename)) {
      const first = firsts.get(renamed);
      if (first === undefined) firsts.set(renamed, own);
      else {
        const path = ['servers', name, 'show', 'tools', 'rename', own];
        add(path, `found "${renamed}", which "${first}" is renamed to, too; needed another name`);
      }
    }
  }
  for (const name of Object.keys(file.views)) checkView(name, file, add);
}

function checkView(name: string, file: FleetFile, add: Add): void {
  const path = ['views', name];
  const view = file.views[name];
  if (view === undefined) return;
  if (!serverNamePattern.test(name)) {
    const found = JSON.stringify(name.slice(0, 60));
    const needed = '1 to 48 letters, digits, "_", "." or "-", beginning with a letter or digit';
    add(path, `found the name ${found}, needed ${needed}`, 'key');
  }
  const servers = Object.keys(file.servers);
  if (view.servers !== 'all') {
    view.servers.forEach((server, index) => {
      if (servers.includes(server)) return;
      add([...path, 'servers', index], unknownName(server, servers, 'a server in this file'));
    });
  }
  const shown = view.servers === 'all' ? servers : view.servers;
  for (const kind of ['tools', 'resources', 'prompts'] as const) {
    for (const list of ['allow', 'deny'] as const) {
      view[kind][list].forEach((pattern, index) => {
        const wrong = wrongPattern(pattern, shown);
        if (wrong !== undefined) add([...path, kind, list, index], wrong);
      });
    }
  }
}

/** A pattern that can fit nothing of these servers would hide or show what nobody meant. */
function wrongPattern(pattern: string, servers: readonly string[]): string | undefined {
  const star = pattern.indexOf('*');
  const literal = star < 0 ? pattern : pattern.slice(0, star);
  const mayFit = servers.some(
    (server) => literal.startsWith(`${server}.`) || (star >= 0 && `${server}.`.startsWith(literal)),
  );
  if (mayFit) return undefined;
  const dot = literal.indexOf('.');
  if (dot > 0) return unknownName(literal.slice(0, dot), servers, 'a server of this view');
  const example = `${servers[0] ?? 'SERVER'}.${pattern}`.slice(0, 80);
  return `found ${JSON.stringify(pattern.slice(0, 60))}, needed SERVER.NAME, such as "${example}"`;
}
