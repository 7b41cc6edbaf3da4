import { sameValue } from './diff.ts';

/** Settings of an entry, as written. */
export type WrittenEntry = Readonly<Record<string, unknown>>;

/** One setting that a change touches. */
export interface SettingChange {
  /** Names from the entry down; the name of a variable may hold a dot, so it is no text. */
  readonly path: readonly string[];
  /** What is written there; undefined when nothing is. */
  readonly before: unknown;
  /** What will be; undefined when it is taken out. */
  readonly after: unknown;
}

/** Settings nest four deep at most (`auth`, `show`); what is deeper is no setting. */
const depthMax = 8;

/**
 * What a patch changes in an entry, by the rules of JSON Merge Patch (RFC 7396): objects are merged name by name, null
 * takes a setting out, everything else (lists too) replaces. Only what differs is told.
 */
export function entryChanges(entry: WrittenEntry, patch: WrittenEntry): SettingChange[] {
  return changesBelow(entry, patch, []);
}

function changesBelow(
  entry: WrittenEntry,
  patch: WrittenEntry,
  above: readonly string[],
): SettingChange[] {
  return Object.entries(patch).flatMap(([name, wanted]) => {
    const path = [...above, name];
    const before = Object.hasOwn(entry, name) ? entry[name] : undefined;
    if (isSection(wanted) && path.length < depthMax) {
      if (isSection(before)) return changesBelow(before, wanted, path);
      return [{ path, before, after: withoutNulls(wanted) }];
    }
    const after = wanted === null ? undefined : wanted;
    return sameValue(before, after) ? [] : [{ path, before, after }];
  });
}

/** The entry once it is changed. */
export function changedEntry(entry: WrittenEntry, changes: readonly SettingChange[]): WrittenEntry {
  return changes.reduce((all, { path, after }) => put(all, path, after), entry);
}

/** The patch that takes changes back; what was not written before is taken out. */
export function undoPatch(changes: readonly SettingChange[]): WrittenEntry {
  return changes.reduce(
    (patch: WrittenEntry, { path, before }) =>
      put(patch, path, before === undefined ? null : before),
    {},
  );
}

function put(entry: WrittenEntry, path: readonly string[], value: unknown): WrittenEntry {
  const [name = '', ...below] = path;
  const { [name]: old, ...others } = entry;
  if (below.length > 0) return { ...entry, [name]: put(isSection(old) ? old : {}, below, value) };
  return value === undefined ? others : { ...entry, [name]: value };
}

function withoutNulls(section: WrittenEntry): WrittenEntry {
  const kept = Object.entries(section).filter(([, value]) => value !== null);
  return Object.fromEntries(
    kept.map(([name, value]) => [name, isSection(value) ? withoutNulls(value) : value]),
  );
}

/** Whether a value of a file holds names and values, as sections do. */
export function isSection(value: unknown): value is WrittenEntry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Longest value that is told, in characters. */
const toldMaxChars = 200;
/** Sections whose values may be secrets: they are told only where they name a variable. */
export const secretSections: readonly string[] = ['env', 'headers', 'auth'];

/** A change as it may be told to anybody: the values of variables and headers are not. */
export function tellChange({ path, before, after }: SettingChange): {
  readonly setting: string;
  readonly before?: string;
  readonly after?: string;
} {
  const isSecret = secretSections.includes(path[0] ?? '');
  return {
    setting: path.join('.'),
    ...(before === undefined ? {} : { before: tellValue(before, isSecret) }),
    ...(after === undefined ? {} : { after: tellValue(after, isSecret) }),
  };
}

function tellValue(value: unknown, isSecret: boolean): string {
  if (isSecret && !(typeof value === 'string' && /^\$\{\w+\}$/.test(value))) return '(not shown)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= toldMaxChars ? text : `${text.slice(0, toldMaxChars - 1)}…`;
}
