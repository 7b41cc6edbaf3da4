/**
 * The fleet file that `ringmaster init` writes: small, commented, and valid as it stands. `name` must fit
 * `serverNamePattern`.
 */
export function fleetTemplate(name: string): string {
  return `# The servers that Ringmaster runs and serves at http://127.0.0.1:7464/mcp
# Check this file with: ringmaster validate
fleet: ${isPlainWord(name) ? name : JSON.stringify(name)}

servers:
  # An MCP server on stdin and stdout:
  # files:
  #   command: npx
  #   args: [-y, "@modelcontextprotocol/server-filesystem", .]

  # An HTTP MCP server that runs elsewhere; \${VAR} is looked up when it starts:
  # search:
  #   url: https://example.com/mcp
  #   headers: { Authorization: "Bearer \${SEARCH_TOKEN}" }

  # A plain HTTP service that is started and probed:
  # api:
  #   kind: service
  #   command: node
  #   args: [api.js]
  #   port: auto
  #   health: { http: /health, intervalMs: 10s }

# Named subsets, for: ringmaster up --profile basic
# profiles:
#   basic: [files]
`;
}

/** Whether YAML reads the word as text without quotes. */
function isPlainWord(word: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(word) && !/^(true|false|null|yes|no|on|off)$/i.test(word);
}
