import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { stringify } from 'smol-toml';
import { asProblem, Problem } from '../../errors.ts';
import {
  type Client,
  type ClientName,
  type Fields,
  fieldsOf,
  type GatewayAddress,
  section,
} from '../clients/client.ts';
import { replaceServerTable } from '../clients/codex-text.ts';
import { type EntriesOf, entriesToExport } from '../clients/export.ts';
import { clients } from '../clients/index.ts';
import { clientFiles, type Machine } from '../clients/places.ts';
import { sameValue } from '../diff.ts';
import type { Fleet } from '../fleet.ts';
import { setInJson } from './edit-json.ts';
import { parseConfig } from './parse-config.ts';
import { readConfigText } from './read-text.ts';
import { backUp, writeText } from './write-text.ts';

/** What to write into a client's configuration. */
export interface ExportRequest {
  readonly client: ClientName;
  /** Undefined: the client's usual file; the project's where it has one. */
  readonly path?: string | undefined;
  /** `gateway` writes one entry for Ringmaster, `servers` one for each server of the fleet. */
  readonly what: 'gateway' | 'servers';
  /** What becomes of an entry that has the same name and other settings. */
  readonly existing: 'keep' | 'replace';
  readonly fleet: Fleet;
  readonly gateway: GatewayAddress;
  readonly machine: Machine;
  /** `plan` writes nothing. */
  readonly mode: 'plan' | 'write';
}

/** What was written. */
export interface ExportReport {
  readonly client: ClientName;
  readonly file: string;
  /** The copy of the file as it was before; undefined when nothing was written over. */
  readonly backup: string | undefined;
  readonly written: readonly string[];
  readonly skipped: readonly { readonly server: string; readonly why: string }[];
  readonly notes: readonly string[];
  readonly isChanged: boolean;
  /** What is, or would be, added, in the client's own form; never the rest of the file, which may hold secrets. */
  readonly addition: string;
}

/**
 * Writes our entries into a client's configuration. Everything else in the file stays, comments and formatting
 * included; the file as it was is kept as `FILE.bak-<n>`; nothing is written when nothing changes.
 */
export async function exportClient(request: ExportRequest): Promise<ExportReport> {
  const client = clients[request.client];
  const usual = clientFiles(request.client, request.machine)[0];
  const file = resolve(request.machine.workspaceDir, request.path ?? usual?.path ?? '');
  const exists = existsSync(file);
  const before = exists ? await readText(file) : '';
  const config = await parse(before, client, file);
  const entries = entriesToExport({ ...request, client, config });
  const text =
    client.format === 'toml' ? toToml(before, entries, file) : toJson(before, client, entries);
  await requireOnlyOurs({ before: config, text, client, entries, file });

  const isChanged = text !== before;
  let backup: string | undefined;
  if (isChanged && request.mode === 'write') {
    if (exists) backup = await backUp(file);
    else await mkdir(dirname(file), { recursive: true });
    await writeText(file, text, { mode: usual?.scope === 'user' ? 0o600 : 0o644 });
  }
  const { skipped, notes } = entries;
  const written = [...entries.changed.keys()];
  const addition = isChanged ? additionText(client, entries) : '';
  return { client: client.name, file, backup, written, skipped, notes, isChanged, addition };
}

function additionText(client: Client, { changed, newInputs }: EntriesOf): string {
  const added = {
    [client.serversKey]: section(changed),
    ...(newInputs.length > 0 ? { inputs: newInputs } : {}),
  };
  return client.format === 'toml' ? stringify(added) : `${JSON.stringify(added, undefined, 2)}\n`;
}

async function readText(file: string): Promise<string> {
  return readConfigText(file).catch((error: unknown) => {
    const problem = asProblem(error);
    throw new Problem('client_config_invalid', problem.message, { cause: problem.cause });
  });
}

async function parse(text: string, client: Client, file: string): Promise<Fields> {
  if (text.trim() === '') return {};
  const source = await parseConfig(text, client.format);
  const fault = source.syntaxProblems[0];
  if (fault !== undefined) {
    const message = `${file}:${fault.line}:${fault.column}: ${fault.message}; nothing was written`;
    throw new Problem('client_config_invalid', message);
  }
  const { value } = source;
  const servers = fieldsOf(value)[client.serversKey];
  const isSection = (part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part);
  if (!isSection(value) || (servers !== undefined && !isSection(servers))) {
    const message = `${file}: needed a section ${client.serversKey}; nothing was written`;
    throw new Problem('client_config_invalid', message);
  }
  return fieldsOf(value);
}

function toJson(before: string, client: Client, entries: EntriesOf): string {
  if (entries.changed.size === 0) return before;
  let text = before.trim() === '' ? '{}\n' : before;
  for (const [name, entry] of entries.changed) {
    text = setInJson(text, [client.serversKey, name], entry);
  }
  entries.newInputs.forEach((input, index) => {
    text = setInJson(text, ['inputs', entries.oldInputs.length + index], input);
  });
  return text;
}

function toToml(before: string, entries: EntriesOf, file: string): string {
  let text = before;
  for (const [name, entry] of entries.changed) {
    const next = replaceServerTable(text, name, stringify({ mcp_servers: { [name]: entry } }));
    if (next === undefined) {
      const message = `Cannot write ${file}: mcp_servers.${name} stands inside another table, needed [mcp_servers.${name}]`;
      throw new Problem('client_config_invalid', message);
    }
    text = next;
  }
  return text;
}

/** The last guard before a foreign file is written: apart from our entries it must say what it said. */
async function requireOnlyOurs(check: {
  readonly before: Fields;
  readonly text: string;
  readonly client: Client;
  readonly entries: EntriesOf;
  readonly file: string;
}): Promise<void> {
  const { before, client, entries } = check;
  if (entries.changed.size === 0) return;
  const after = await parse(check.text, client, check.file);
  const servers = section([
    ...Object.entries(fieldsOf(before[client.serversKey])),
    ...entries.changed,
  ]);
  const inputs =
    entries.newInputs.length > 0 ? { inputs: [...entries.oldInputs, ...entries.newInputs] } : {};
  if (!sameValue(after, { ...before, [client.serversKey]: servers, ...inputs })) {
    throw new Problem(
      'bug',
      `Refused to write ${check.file}: the edit would change foreign entries`,
    );
  }
}
