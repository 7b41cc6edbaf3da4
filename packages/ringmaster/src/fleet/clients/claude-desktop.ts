import { escapeLiteral } from '../variables.ts';
import { type Client, fieldsOf, section } from './client.ts';
import { readEntries } from './read-entry.ts';
import { type WritingDialect, writeEntry, writeText } from './write-entry.ts';

const writing: WritingDialect = {
  client: 'claude-desktop',
  variable: (name, fallback) => `\${${name}${fallback === undefined ? '' : `:-${fallback}`}}`,
  literal: (text) => text,
  types: { stdio: undefined, http: undefined },
  variablesNote: 'Claude Desktop expands no variables; write the value there yourself',
};

/** `claude_desktop_config.json`: stdio servers, remote ones through an `mcp-remote` command; no variables. */
export const claudeDesktop: Client = {
  name: 'claude-desktop',
  title: 'Claude Desktop',
  format: 'json',
  serversKey: 'mcpServers',
  read: (config) =>
    readEntries(fieldsOf(config)['mcpServers'], {
      client: 'claude-desktop',
      convert: (text) => escapeLiteral(text),
    }),
  gatewayEntry: ({ connect }) => ({ command: connect.command, args: [...connect.args] }),
  exportServer: (server) => {
    if (server.url === undefined) return writeEntry(server, writing);
    const notes: string[] = [];
    const text = (value: string) =>
      writeText(value, writing, (what) => notes.push(`${server.name}: ${what}`));
    const bridge = fieldsOf(server.imported?.['claude-desktop']?.['mcpRemote']);
    const flags = Array.isArray(bridge['flags']) ? bridge['flags'].map(String) : [];
    const headers = Object.entries(server.headers).flatMap(([name, value]) => [
      '--header',
      `${name}: ${text(value)}`,
    ]);
    const packageName = typeof bridge['package'] === 'string' ? bridge['package'] : 'mcp-remote';
    const args = ['-y', packageName, text(server.url), ...headers, ...flags];
    const { mcpRemote: _, type: __, ...kept } = fieldsOf(server.imported?.['claude-desktop']);
    const entry = section([['command', 'npx'], ['args', args], ...Object.entries(kept)]);
    return { entry, inputs: [], notes };
  },
};
