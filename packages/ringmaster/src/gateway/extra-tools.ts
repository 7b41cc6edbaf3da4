import { requiredCapabilities } from './asks.ts';
import { isObject, type JsonObject } from './messages.ts';

/**
 * Capabilities of a client that no process is told of which several clients share, as paths in a fixed order with a
 * blank between them; empty for none. Folders are one client's own, and few can open addresses or give a model tools:
 * a server that is told of them for everybody would rely on what most of its clients cannot do.
 */
export type Beyond = string;

/** What a client declares beyond what shared processes are told; `hasRoots`: those are told folders of the fleet file. */
export function beyondShared(declared: JsonObject, hasRoots: boolean): Beyond {
  const { elicitation, roots, sampling } = declared;
  const paths: string[] = [];
  if (isObject(roots) && !hasRoots) paths.push('roots');
  if (isObject(elicitation) && isObject(elicitation['url'])) paths.push('elicitation.url');
  if (isObject(sampling) && isObject(sampling['tools'])) paths.push('sampling.tools');
  return paths.join(' ');
}

/** The capabilities of such a client, and of those that shared processes are told. */
export function capabilitiesWith(beyond: Beyond): JsonObject {
  const shared = ['elicitation.form', 'sampling'];
  return requiredCapabilities([...shared, ...pathsOf(beyond)]);
}

/** Tools a server was found to offer besides those it offers everybody, by what its client declared. */
export type ExtraTools = ReadonlyMap<Beyond, readonly JsonObject[]>;

/** All of them, each once, in the order they were found. */
export function everyExtra(extras: ExtraTools): readonly JsonObject[] {
  const byName = new Map<unknown, JsonObject>();
  for (const tools of extras.values())
    for (const tool of tools) if (!byName.has(tool['name'])) byName.set(tool['name'], tool);
  return [...byName.values()];
}

/** Names of those a client of this kind is offered. */
export function extrasFor(extras: ExtraTools, beyond: Beyond): ReadonlySet<unknown> {
  const declared = new Set(pathsOf(beyond));
  const names = new Set<unknown>();
  for (const [needed, tools] of extras)
    if (pathsOf(needed).every((path) => declared.has(path)))
      for (const { name } of tools) names.add(name);
  return names;
}

/** What a client of this kind would have to declare for a tool: as little as is known to bring it. */
export function neededFor(extras: ExtraTools, tool: unknown, beyond: Beyond): readonly string[] {
  const declared = new Set(pathsOf(beyond));
  const ways = [...extras].flatMap(([needed, tools]) =>
    tools.some(({ name }) => name === tool) ? [pathsOf(needed)] : [],
  );
  const [fewest = []] = ways.sort((a, b) => a.length - b.length);
  return fewest.filter((path) => !declared.has(path));
}

function pathsOf(beyond: Beyond): readonly string[] {
  return beyond === '' ? [] : beyond.split(' ');
}

/** How the tools of a process that was opened for one client differ from those for everybody. */
export interface Difference {
  readonly added: ReadonlySet<unknown>;
  readonly missing: ReadonlySet<unknown>;
}

/** Compares what it listed first with what is known. */
export function differenceOf(
  known: readonly JsonObject[],
  first: readonly JsonObject[],
): Difference {
  const [knownNames, firstNames] = [namesOf(known), namesOf(first)];
  return {
    added: new Set([...firstNames].filter((name) => !knownNames.has(name))),
    missing: new Set([...knownNames].filter((name) => !firstNames.has(name))),
  };
}

/** Its tools as everybody would see them: a change of them is news, what it offers its one client is not. */
export function forEverybody(
  known: readonly JsonObject[],
  now: readonly JsonObject[],
  { added, missing }: Difference,
): readonly JsonObject[] {
  const byName = new Map(now.map((tool): [unknown, JsonObject] => [tool['name'], tool]));
  const knownNames = namesOf(known);
  return [
    ...known.flatMap((tool): readonly JsonObject[] => {
      const listed = byName.get(tool['name']) ?? (missing.has(tool['name']) ? tool : undefined);
      return listed === undefined ? [] : [listed];
    }),
    ...now.filter(({ name }) => !added.has(name) && !knownNames.has(name)),
  ];
}

/** Names of tools. */
export function namesOf(tools: readonly JsonObject[]): ReadonlySet<unknown> {
  return new Set(tools.map(({ name }) => name));
}
