import { checkFleet } from '../check.ts';
import { type Fields, fieldsOf, type ImportedServer } from '../clients/client.ts';
import { freeName } from '../clients/names.ts';
import { pathText } from '../problem.ts';
import type { ServerEntryInput } from '../schema.ts';
import { account } from '../schema-process.ts';

/** The process managers whose configuration is read. */
export type ManagerName = 'circus' | 'supervisord' | 'pm2' | 'procfile';

/** What a configuration is read against. */
export interface ManagerPlace {
  /** Absolute folder of the configuration; its relative paths start there. */
  readonly sourceDir: string;
  /** Absolute folder of the fleet file; a service without `cwd` runs there. */
  readonly fleetDir: string;
  readonly homeDir: string;
  /** Whether a file `.env` lies beside the configuration. */
  readonly hasEnvFile: boolean;
}

/** The processes of one configuration as services, and what a person should know about the way there. */
export interface ManagerImport {
  readonly servers: readonly ImportedServer[];
  readonly notes: readonly string[];
}

/** One kind of process manager. Adding one is a file and a line in `index.ts`. */
export interface Manager {
  readonly name: ManagerName;
  readonly title: string;
  /** What `read` is given: the text as it is, or the value it holds. */
  readonly format: 'text' | 'json';
  read(content: unknown, place: ManagerPlace): ManagerImport;
  /** Files that belong to it: paths from its folder, with `*` in any part; text formats only. */
  includes?(content: string, place: ManagerPlace): readonly string[];
  /** The text of such a file with what stands in it for the folder it lies in filled in. */
  inItsPlace?(content: string, folder: string): string;
}

/** One process on its way to becoming a service. */
export interface Draft {
  readonly originalName: string;
  readonly entry: ServerEntryInput;
  /** Services of a lower rank stand first in the fleet file. */
  readonly rank: number;
  readonly notes: readonly string[];
}

/** Puts drafts in order under free names; notes begin with the name the process had. */
export function importOf(drafts: readonly Draft[], general: readonly string[]): ManagerImport {
  const taken = new Set<string>();
  const notes: string[] = [...general];
  const servers = drafts
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ originalName, entry, notes: own }) => {
      const name = freeName(originalName, taken);
      const fit = withinLimits(entry);
      notes.push(...[...own, ...fit.notes].map((note) => `${originalName}: ${note}`));
      if (name !== originalName) {
        notes.push(`${originalName}: is called ${name} here, because names are plain and unique`);
      }
      return { name, originalName, entry: fit.entry };
    });
  if (new Set(drafts.map(({ rank }) => rank)).size > 1) {
    notes.push(
      'priorities became the order in the file; everything starts at once unless dependsOn says what must be ready first',
    );
  }
  return { servers, notes };
}

/** What a service is run by: without it the rest of an entry would mean something else. */
const needed: ReadonlySet<unknown> = new Set(['command', 'args', 'cwd']);

/**
 * An entry without the settings that a fleet file does not take as they are, each told in a note: the whole import must
 * not fail for one number that is too large here.
 */
function withinLimits(entry: ServerEntryInput) {
  let kept: Fields = entry;
  const notes: string[] = [];
  for (;;) {
    const { problems = [] } = checkFleet({ servers: { it: kept } }, { revision: 0, baseDir: '/' });
    const fault = problems.find(({ path }) => path.length > 2 && !needed.has(path[2]));
    const [setting, name] = fault?.path.slice(2).map(String) ?? [];
    if (fault === undefined || setting === undefined || !Object.hasOwn(kept, setting))
      return { entry: kept as ServerEntryInput, notes };
    notes.push(`${pathText(fault.path.slice(2))} is left out: ${fault.message}`);
    const inside = fieldsOf(kept[setting]);
    const rest =
      name !== undefined && Object.hasOwn(inside, name) ? without(inside, name) : undefined;
    kept = rest === undefined ? without(kept, setting) : { ...kept, [setting]: rest };
  }
}

function without(fields: Fields, name: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
}

/** The `cwd` of a service: none where it is the folder of the fleet file, else an absolute path. */
export function cwdFields(
  folder: string | undefined,
  place: ManagerPlace,
): Pick<ServerEntryInput, 'cwd'> {
  const home = folder?.replace(/^~(?=\/|$)/, place.homeDir);
  const path = normalise(
    home === undefined || home === ''
      ? place.sourceDir
      : home.startsWith('/') || home.startsWith('$')
        ? home
        : `${place.sourceDir}/${home}`,
  );
  return path === place.fleetDir ? {} : { cwd: path };
}

/** A path without `.`, `..` and doubled slashes. */
function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}

/** Longest `stop.graceMs` a fleet file takes. */
const graceMaxSeconds = 600;

/** `stop.graceMs` from seconds; what is more than a fleet file takes is cut, and noted. */
export function graceFields(
  seconds: number | undefined,
  notes: string[],
): Pick<ServerEntryInput, 'stop'> {
  if (seconds === undefined || !(seconds >= 0)) return {};
  if (seconds > graceMaxSeconds)
    notes.push(`gets ${graceMaxSeconds} s to stop instead of ${seconds}, the most there can be`);
  const milliseconds = Math.round(Math.min(seconds, graceMaxSeconds) * 1_000);
  return { stop: { graceMs: durationText(milliseconds) } };
}

/** Most processes of one server that a fleet file takes, and how many it takes without being told. */
const processesMax = 64;
const processesDefaultMax = 8;

/** `pool` for a number of processes; none for one. What is more than a fleet file takes is noted. */
export function poolFields(
  count: number | undefined,
  notes: string[],
): Pick<ServerEntryInput, 'pool'> {
  if (count === undefined || !Number.isInteger(count) || count < 2) return {};
  const min = Math.min(count, processesMax);
  if (min < count) notes.push(`runs ${min} processes instead of ${count}, the most there can be`);
  return { pool: min > processesDefaultMax ? { min, max: min } : { min } };
}

/** `user` and `group`; what is no name of an account, nor its number, is noted and left out. */
export function accountFields(
  { user, group }: { readonly user: string | undefined; readonly group?: string | undefined },
  notes: string[],
): Pick<ServerEntryInput, 'user' | 'group'> {
  const wanted = [user, group].filter((name) => name !== undefined);
  const isAccount = (name: string) => account('user').safeParse(name).success;
  for (const name of wanted) {
    notes.push(
      isAccount(name)
        ? `runs as ${name}: the daemon must be root, or ${name}`
        : `account ${name} is left out: it is no name or number`,
    );
  }
  return {
    ...(user !== undefined && isAccount(user) ? { user } : {}),
    ...(group !== undefined && isAccount(group) ? { group } : {}),
  };
}

/** `resources`; what is less than a fleet file takes becomes the least it takes. */
export function resourceFields(limits: {
  readonly memoryBytes?: number | undefined;
  readonly openFiles?: number | undefined;
}): Pick<ServerEntryInput, 'resources'> {
  const { memoryBytes, openFiles } = limits;
  return {
    resources: {
      ...(memoryBytes === undefined
        ? {}
        : { memoryBytes: Math.max(memoryLeastBytes, memoryBytes) }),
      ...(openFiles === undefined ? {} : { openFiles: Math.max(openFilesLeast, openFiles) }),
    },
  };
}

/** The least that `resources` of a fleet file takes. */
const [memoryLeastBytes, openFilesLeast] = [1_048_576, 16];

/** Milliseconds as a person would write them. */
export function durationText(milliseconds: number): string {
  return milliseconds % 1_000 === 0 ? `${milliseconds / 1_000}s` : `${milliseconds}ms`;
}

/** A number written as text; undefined when it is none. */
export function numberOf(text: unknown): number | undefined {
  if (typeof text === 'number') return Number.isFinite(text) ? text : undefined;
  if (typeof text !== 'string' || text.trim() === '') return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** Yes or no as INI files write it; undefined when it is neither. */
export function isYes(text: string | undefined): boolean | undefined {
  const word = text?.trim().toLowerCase() ?? '';
  if (['1', 'yes', 'true', 'on'].includes(word)) return true;
  return ['0', 'no', 'false', 'off'].includes(word) ? false : undefined;
}

/** An entry without fields that say nothing. */
export function serviceOf(fields: ServerEntryInput): ServerEntryInput {
  const kept = Object.entries({ kind: 'service' as const, ...fields }).filter(
    ([, value]) =>
      value !== undefined &&
      !(typeof value === 'object' && value !== null && Object.keys(value).length === 0),
  );
  return Object.fromEntries(kept) as ServerEntryInput;
}
