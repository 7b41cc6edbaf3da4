/** Why a server is ready when nothing else is to be told: a view that shows the revision anyway leaves it out. */
export function speaksMcp(version: string): string {
  return `it speaks MCP ${version}`;
}
