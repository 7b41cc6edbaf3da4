import { type Client, fieldsOf } from './client.ts';
import { convertEditorVariables } from './editor-variables.ts';
import { readEntries } from './read-entry.ts';
import { writeEntry } from './write-entry.ts';

/** `.cursor/mcp.json` of a project or of the user. */
export const cursor: Client = {
  name: 'cursor',
  title: 'Cursor',
  format: 'json',
  serversKey: 'mcpServers',
  read: (config, place) =>
    readEntries(fieldsOf(config)['mcpServers'], {
      client: 'cursor',
      convert: (text, note) => convertEditorVariables(text, place, note),
    }),
  gatewayEntry: ({ url }) => ({ url }),
  exportServer: (server) =>
    writeEntry(server, {
      client: 'cursor',
      variable: (name) => `\${env:${name}}`,
      literal: (text) => text,
      types: { stdio: undefined, http: undefined },
    }),
};
