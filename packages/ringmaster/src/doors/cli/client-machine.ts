import { homedir } from 'node:os';
import type { Machine } from '../../fleet/clients/places.ts';
import type { Terminal } from './terminal.ts';

/** This machine as importers and exporters see it: where the files of MCP clients are. */
export function thisMachine(terminal: Pick<Terminal, 'env' | 'cwd'>): Machine {
  return {
    platform: process.platform === 'darwin' ? 'darwin' : 'linux',
    homeDir: terminal.env['HOME'] ?? homedir(),
    workspaceDir: terminal.cwd,
    environment: terminal.env,
  };
}
