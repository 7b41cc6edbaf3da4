import { isMap, isSeq, parseDocument } from 'yaml';
import { Problem } from '../../errors.ts';
import { fieldsOf } from '../clients/client.ts';
import { sameValue } from '../diff.ts';
import {
  changedEntry,
  entryChanges,
  type SettingChange,
  type WrittenEntry,
} from '../entry-change.ts';
import type { ServerEntryInput } from '../schema.ts';
import { formatOf } from './parse-config.ts';
import { mergeIntoFleet } from './write-fleet.ts';

/** The text of a fleet file with one server more; everything else stays as it is written. */
export function withServer(
  text: string,
  file: string,
  server: { readonly name: string; readonly entry: ServerEntryInput; readonly comment: string },
): string {
  requireYaml(text, file);
  const { text: next, skipped } = mergeIntoFleet(text, [server]);
  const [first] = skipped;
  if (first !== undefined)
    throw new Problem('server_exists', `Cannot add "${server.name}": ${first.why}`);
  return next;
}

/** The text of a fleet file without some servers, and without their names in profiles and dependencies. */
export function withoutServers(text: string, file: string, names: readonly string[]): string {
  requireYaml(text, file);
  const document = parseDocument(text, { merge: true });
  const servers = document.get('servers');
  for (const name of names) {
    if (isMap(servers)) servers.delete(name);
    dropFromProfiles(document.get('profiles'), name);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/**
 * The text of a fleet file with some settings of one server changed, and which these are; the rest, comments too,
 * stays. Rejects a setting that is written in a shared part (an anchor), as changing it there would change others.
 */
export function withPatch(
  text: string,
  file: string,
  { server, patch }: { readonly server: string; readonly patch: WrittenEntry },
): { readonly text: string; readonly changes: readonly SettingChange[] } {
  requireYaml(text, file);
  const document = parseDocument(text, { merge: true });
  const entry = entryOf(document.toJS(), server);
  const changes = entryChanges(entry, patch);
  if (changes.length === 0) return { text, changes };
  for (const { path, after } of changes) {
    const place = ['servers', server, ...path];
    // Below an alias nothing can be set; what is left as it was is found out below.
    if (after === undefined) tryTo(() => document.deleteIn(place));
    else tryTo(() => document.setIn(place, nodeOf(after)));
  }
  const next = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  const became = entryOf(parseDocument(next, { merge: true }).toJS(), server);
  if (sameValue(became, changedEntry(entry, changes))) return { text: next, changes };
  const settings = changes.map(({ path }) => path.join('.')).join(', ');
  throw new Problem(
    'not_supported',
    `Cannot change ${settings} of "${server}": found it written in a part that entries share (an anchor), needed it written in its entry`,
  );

  function nodeOf(value: unknown) {
    const node = document.createNode(value);
    if (isSeq(node)) node.flow = true;
    return node;
  }
}

function entryOf(fleet: unknown, server: string): WrittenEntry {
  return fieldsOf(fieldsOf(fieldsOf(fleet)['servers'])[server]);
}

function tryTo(change: () => unknown): void {
  try {
    change();
  } catch {
    // The comparison with what was wanted tells it.
  }
}

function dropFromProfiles(profiles: unknown, name: string): void {
  if (!isMap(profiles)) return;
  for (const { value } of profiles.items) {
    const members = (value as { items?: { value?: unknown }[] } | null)?.items;
    if (members === undefined) continue;
    const at = members.findIndex((member) => member.value === name);
    if (at >= 0) members.splice(at, 1);
  }
}

function requireYaml(text: string, file: string): void {
  if (formatOf(file, text) === 'yaml') return;
  throw new Problem(
    'not_supported',
    `Cannot write ${file}: servers are only added, changed and removed in YAML files; edit it yourself`,
  );
}
