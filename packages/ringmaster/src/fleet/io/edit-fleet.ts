import { isMap, parseDocument } from 'yaml';
import { Problem } from '../../errors.ts';
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
    `Cannot write ${file}: servers are only added to and removed from YAML files; edit it yourself`,
  );
}
