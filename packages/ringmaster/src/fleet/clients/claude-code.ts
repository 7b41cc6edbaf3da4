import { segmentsOf } from '../variables.ts';
import { type Client, type ClientImport, fieldsOf, type ImportPlace } from './client.ts';
import { readEntries } from './read-entry.ts';
import { writeEntry } from './write-entry.ts';

/**
 * `.mcp.json` of a project, and `~/.claude.json` with servers of the user and of each project: `${VAR}` and
 * `${VAR:-default}` as ours.
 */
export const claudeCode: Client = {
  name: 'claude-code',
  title: 'Claude Code',
  format: 'json',
  serversKey: 'mcpServers',
  read: readClaudeCode,
  gatewayEntry: ({ url }) => ({ type: 'http', url }),
  exportServer: (server) =>
    writeEntry(server, {
      client: 'claude-code',
      variable: (name, fallback) => `\${${name}${fallback === undefined ? '' : `:-${fallback}`}}`,
      literal: (text) => text,
      types: { stdio: undefined, http: 'http' },
    }),
};

function readClaudeCode(config: unknown, place: ImportPlace): ClientImport {
  const top = fieldsOf(config);
  const project = fieldsOf(fieldsOf(top['projects'])[place.workspaceDir]);
  // The project's own servers win over the user's, as they do in the client.
  const entries = { ...fieldsOf(top['mcpServers']), ...fieldsOf(project['mcpServers']) };
  const { servers, notes } = readEntries(entries, { client: 'claude-code', convert });
  for (const { name, entry } of servers) {
    if (entry.imported?.['claude-code']?.['headersHelper'] !== undefined) {
      notes.push(`${name}: headersHelper is kept but not run; give the headers in the fleet file`);
    }
  }
  return { servers, notes };
}

/** A dollar sign means nothing to this client unless it begins a variable. */
function convert(text: string): string {
  return text.replaceAll(/\$+(?:\{[^}]*\})?/g, (found) => {
    const dollars = /^\$+/.exec(found)?.[0].length ?? 0;
    const rest = found.slice(dollars);
    const isVariable = rest !== '' && segmentsOf(`$${rest}`)[0]?.kind === 'variable';
    if (isVariable) return `${'$$'.repeat(dollars - 1)}$${rest}`;
    return rest === '' && dollars === 1 ? found : `${'$$'.repeat(dollars)}${rest}`;
  });
}
