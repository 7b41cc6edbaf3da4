import { variablesOf } from '../variables.ts';
import {
  type Client,
  type ClientImport,
  type Fields,
  fieldsOf,
  type ImportPlace,
} from './client.ts';
import { convertEditorVariables } from './editor-variables.ts';
import { variableName } from './names.ts';
import { readEntries } from './read-entry.ts';
import { writeEntry } from './write-entry.ts';

/** `.vscode/mcp.json` or the user's own `mcp.json`: `servers` and `inputs`. */
export const vscode: Client = {
  name: 'vscode',
  title: 'VS Code',
  format: 'json',
  serversKey: 'servers',
  read: readVscode,
  gatewayEntry: ({ url }) => ({ type: 'http', url }),
  exportServer: (server) => {
    const asked = new Map(
      inputsOf(server.imported?.['vscode'] ?? {}).map((input) => [
        variableName(String(input['id'])),
        input,
      ]),
    );
    return writeEntry(server, {
      client: 'vscode',
      variable: (name) => {
        const input = asked.get(name);
        return input === undefined ? `\${env:${name}}` : `\${input:${String(input['id'])}}`;
      },
      literal: (text) => text,
      types: { stdio: 'stdio', http: 'http' },
    });
  },
};

function readVscode(config: unknown, place: ImportPlace): ClientImport {
  const top = fieldsOf(config);
  const entries = top['servers'] ?? top['mcpServers'];
  const { servers, notes } = readEntries(entries, {
    client: 'vscode',
    convert: (text, note) => convertEditorVariables(text, place, note),
  });
  const inputs = new Map(inputsOf(top).map((input) => [variableName(String(input['id'])), input]));
  const asked = new Set<string>();
  const withInputs = servers.map((server) => {
    const used = [...new Set(variablesOf(JSON.stringify(server.entry)))].filter((name) =>
      inputs.has(name),
    );
    if (used.length === 0) return server;
    for (const name of used) asked.add(name);
    const kept = {
      ...server.entry.imported?.['vscode'],
      inputs: used.map((name) => inputs.get(name)),
    };
    return { ...server, entry: { ...server.entry, imported: { vscode: kept } } };
  });
  for (const name of asked) notes.push(inputNote(name, inputs.get(name) ?? {}));
  return { servers: withInputs, notes };
}

/** The questions of a configuration that have an id. */
function inputsOf(top: Fields): Fields[] {
  const inputs = top['inputs'];
  return Array.isArray(inputs)
    ? inputs.map(fieldsOf).filter((input) => typeof input['id'] === 'string')
    : [];
}

function inputNote(name: string, input: Fields): string {
  const description = typeof input['description'] === 'string' ? ` (${input['description']})` : '';
  const isSecret = input['password'] === true;
  const fallback = input['default'];
  const shown =
    typeof fallback === 'string' && !isSecret
      ? `; VS Code proposed ${JSON.stringify(fallback)}`
      : '';
  return `set ${name} in the environment or the variables file: VS Code asked for it${description}${shown}`;
}
