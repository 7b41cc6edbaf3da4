import type { ClientName } from './client.ts';

/** Where one looks for configuration files. */
export interface Machine {
  readonly homeDir: string;
  readonly workspaceDir: string;
  readonly platform: 'linux' | 'darwin';
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A file that a client reads when it exists. */
export interface ClientFile {
  readonly client: ClientName;
  readonly path: string;
  /** `project` files are shared with others; `user` files are this person's own. */
  readonly scope: 'user' | 'project';
}

/**
 * The configuration files of a client on this machine, the one that export writes first. Sources: the clients'
 * documentation of their configuration files.
 */
export function clientFiles(client: ClientName, machine: Machine): ClientFile[] {
  const { homeDir, workspaceDir, platform, environment } = machine;
  const library = `${homeDir}/Library/Application Support`;
  const settings =
    platform === 'darwin'
      ? library
      : absolute(environment['XDG_CONFIG_HOME'], `${homeDir}/.config`);
  const user = (path: string): ClientFile => ({ client, path, scope: 'user' });
  const project = (path: string): ClientFile => ({
    client,
    path: `${workspaceDir}/${path}`,
    scope: 'project',
  });
  switch (client) {
    case 'claude-desktop':
      return [user(`${settings}/Claude/claude_desktop_config.json`)];
    case 'claude-code':
      return [project('.mcp.json'), user(`${homeDir}/.claude.json`)];
    case 'vscode':
      return [project('.vscode/mcp.json'), user(`${settings}/Code/User/mcp.json`)];
    case 'cursor':
      return [project('.cursor/mcp.json'), user(`${homeDir}/.cursor/mcp.json`)];
    case 'codex':
      return [
        user(`${absolute(environment['CODEX_HOME'], `${homeDir}/.codex`)}/config.toml`),
        project('.codex/config.toml'),
      ];
  }
}

function absolute(path: string | undefined, otherwise: string): string {
  return path?.startsWith('/') === true ? path : otherwise;
}
