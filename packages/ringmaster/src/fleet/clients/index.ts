import { claudeCode } from './claude-code.ts';
import { claudeDesktop } from './claude-desktop.ts';
import { type Client, type ClientName, fieldsOf } from './client.ts';
import { codex } from './codex.ts';
import { cursor } from './cursor.ts';
import { vscode } from './vscode.ts';

/** Every client whose configuration is read and written. */
export const clients: Readonly<Record<ClientName, Client>> = {
  'claude-desktop': claudeDesktop,
  'claude-code': claudeCode,
  vscode,
  cursor,
  codex,
};

/** The names of all clients, for help and completion. */
export const clientNames: readonly ClientName[] = Object.keys(clients) as ClientName[];

/** Whether a word names a client. */
export function isClientName(word: string): word is ClientName {
  return Object.hasOwn(clients, word);
}

/**
 * Which client's configuration this is, by its top keys and then its path; undefined for a fleet file and for
 * anything else.
 */
export function detectClient(config: unknown, path: string): Client | undefined {
  const top = fieldsOf(config);
  const place = path.replaceAll('\\', '/');
  if (Object.hasOwn(top, 'mcp_servers')) return codex;
  if (Object.hasOwn(top, 'mcpServers') && !Object.hasOwn(top, 'servers')) {
    if (place.includes('/.cursor/')) return cursor;
    if (/\/claude_desktop_config[^/]*$/.test(place)) return claudeDesktop;
    return place.includes('/.vscode/') ? vscode : claudeCode;
  }
  // Our own files have the key servers too; taking one for a client's would forgive its mistakes.
  const isOtherJson = /\.json[c5]?$/.test(place) && !/(^|\/)ringmaster\.[^/]*$/.test(place);
  if (!isOtherJson || !Object.hasOwn(top, 'servers')) return undefined;
  if (Object.hasOwn(top, 'inputs')) return vscode;
  if (Object.keys(top).some((key) => key !== 'servers')) return undefined;
  const hasTypes = Object.values(fieldsOf(top['servers'])).some((entry) =>
    Object.hasOwn(fieldsOf(entry), 'type'),
  );
  return hasTypes || place.includes('/.vscode/') ? vscode : undefined;
}

/** Whether an entry is Ringmaster itself, which must neither be imported nor taken for a foreign one. */
export function isGatewayEntry(name: string, entry: unknown): boolean {
  const { url, command, args } = fieldsOf(entry);
  if (typeof url === 'string') {
    const isOurPlace =
      /^https?:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\]):\d+\/(mcp|servers\/[^/]+\/mcp)$/.test(
        url,
      );
    return isOurPlace && (name === 'ringmaster' || url.includes(':7464/'));
  }
  const words = [command, ...(Array.isArray(args) ? args : [])].map(String);
  return words.includes('connect') && words.some((word) => /(^|\/)ringmaster(\.js)?$/.test(word));
}
