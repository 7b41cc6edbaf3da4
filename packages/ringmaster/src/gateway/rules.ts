import type { ServerSpec } from '../fleet/fleet.ts';
import { fitsPattern } from '../fleet/pattern.ts';
import type { Choice, ViewEntry } from '../fleet/schema-names.ts';
import type { ListKind } from './protocol.ts';
import { spellingsOfUri } from './uri-spellings.ts';

/** When names carry the name of their server. */
export type PrefixPolicy = 'auto' | 'always' | 'never';

/** What the fleet file says of one server's names, and of who may see and use what it offers. */
export interface ServerRules {
  readonly prefix: PrefixPolicy;
  /** The rule that hides what the server calls `own`, in the words of the fleet file; undefined when it is shown. */
  hiddenBy(kind: ListKind, own: string): string | undefined;
  /** The name it is offered by before prefixes. */
  plainName(kind: ListKind, own: string): string;
  /** The other way round; undefined when what is called so is called otherwise here. */
  ownName(kind: ListKind, plain: string): string | undefined;
  /** What clients read instead of the tool's own description. */
  description(kind: ListKind, own: string): string | undefined;
}

/** What a view shows. */
export interface ViewRules {
  readonly entry: ViewEntry;
  includes(server: string): boolean;
  hiddenBy(kind: ListKind, server: string, own: string): string | undefined;
}

type RuledServer = Pick<ServerSpec, 'name' | 'show'>;

/** The rules of one server. */
export function serverRules(spec: RuledServer, prefix: PrefixPolicy): ServerRules {
  const { show } = spec;
  const { rename, describe } = show.tools;
  const names = new Map(Object.entries(rename));
  const ownNames = new Map([...names].map(([own, plain]) => [plain, own]));
  const descriptions = new Map(Object.entries(describe));
  return {
    prefix: show.prefix ?? prefix,
    hiddenBy: (kind, own) =>
      hiding(show[sections[kind]], own, kind, `servers.${spec.name}.show.${sections[kind]}`),
    plainName: (kind, own) => (kind === 'tools' ? (names.get(own) ?? own) : own),
    ownName(kind, plain) {
      if (kind !== 'tools') return plain;
      return ownNames.get(plain) ?? (names.has(plain) ? undefined : plain);
    },
    description: (kind, own) => (kind === 'tools' ? descriptions.get(own) : undefined),
  };
}

/** The rules of a server the fleet file says nothing of. */
export const noRules: ServerRules = serverRules(
  {
    name: '',
    show: {
      tools: { allow: [], deny: [], rename: {}, describe: {} },
      resources: { allow: [], deny: [] },
      prompts: { allow: [], deny: [] },
    },
  },
  'auto',
);

/** The rules of one view. */
export function viewRules(name: string, entry: ViewEntry): ViewRules {
  const servers = entry.servers === 'all' ? undefined : new Set(entry.servers);
  return {
    entry,
    includes: (server) => servers === undefined || servers.has(server),
    hiddenBy(kind, server, own) {
      if (servers !== undefined && !servers.has(server)) return `views.${name}.servers`;
      const section = sections[kind];
      return hiding(entry[section], own, kind, `views.${name}.${section}`, `${server}.`);
    },
  };
}

const sections: Readonly<Record<ListKind, 'tools' | 'resources' | 'prompts'>> = {
  tools: 'tools',
  prompts: 'prompts',
  resources: 'resources',
  templates: 'resources',
};

function hiding(
  choice: Choice,
  own: string,
  kind: ListKind,
  where: string,
  before = '',
): string | undefined {
  const { allow, deny } = choice;
  if (allow.length === 0 && deny.length === 0) return undefined;
  const spellings = kind === 'resources' ? spellingsOfUri(own) : { written: [own], read: [] };
  if (spellings === undefined) return `${where}: its path goes up with ".."`;
  const { written, read } = spellings;
  const fits = (pattern: string, text: string): boolean => fitsPattern(pattern, before + text);
  const denied = deny.find((one) => [...written, ...read].some((text) => fits(one, text)));
  if (denied !== undefined) return `${where}.deny ${JSON.stringify(denied)}`;
  if (allow.length === 0) return undefined;
  const isAllowed = written.every((text) => allow.some((one) => fits(one, text)));
  return isAllowed ? undefined : `${where}.allow`;
}
