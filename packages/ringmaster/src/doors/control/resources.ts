import { Problem } from '../../errors.ts';
import type { Ask } from './tool.ts';

/** Lines of `logs://NAME/recent`. */
const recentLines = 100;
/** Names offered to complete one. */
const offerMost = 100;

/** Shapes of what can be read. */
export const resourceTemplates = [
  {
    uriTemplate: 'process://{name}/info',
    name: 'process-info',
    title: 'A process: state, reason and figures',
    mimeType: 'application/json',
  },
  {
    uriTemplate: 'logs://{name}/recent',
    name: 'recent-log',
    title: `The last ${recentLines} lines of the log of a process`,
    mimeType: 'text/plain',
  },
];

/** Where the state of a server is read. */
export function infoUri(server: string): string {
  return `process://${encodeURIComponent(server)}/info`;
}

/** Where the end of its log is read. */
export function logUri(server: string): string {
  return `logs://${encodeURIComponent(server)}/recent`;
}

/** The server whose log this is; undefined for any other URI. */
export function serverOfLog(uri: string): string | undefined {
  const { scheme, server } = readUri(uri);
  return scheme === 'logs' ? server : undefined;
}

/** Everything that can be read now. */
export async function listResources(ask: Ask) {
  const { servers } = await ask('server.list', {});
  return servers.flatMap(({ server, kind }) => {
    const rows = [
      { uri: infoUri(server), name: `${server} info`, mimeType: 'application/json' },
      { uri: logUri(server), name: `${server} log`, mimeType: 'text/plain' },
    ];
    return kind === 'remote' ? rows.slice(0, 1) : rows;
  });
}

/** One text; a Problem for a URI that names nothing. */
export async function readResource(ask: Ask, uri: string) {
  const { scheme, server } = readUri(uri);
  if (scheme === 'process') {
    const text = JSON.stringify(await ask('server.get', { server }), undefined, 2);
    return { uri, mimeType: 'application/json', text };
  }
  if (scheme === 'logs') {
    const { lines } = await ask('log.read', { server, lines: recentLines });
    return { uri, mimeType: 'text/plain', text: lines.join('\n') };
  }
  throw new Problem(
    'bad_request',
    `Cannot read ${JSON.stringify(uri.slice(0, 200))}: needed process://NAME/info or logs://NAME/recent`,
  );
}

/** Names of servers that begin like this. */
export async function completeName(ask: Ask, beginning: string): Promise<string[]> {
  const { servers } = await ask('server.list', {});
  const names = servers.map(({ server }) => server);
  return names.filter((name) => name.startsWith(beginning)).slice(0, offerMost);
}

function readUri(uri: string): {
  readonly scheme: 'process' | 'logs' | 'other';
  readonly server: string;
} {
  const [, info, log] = /^(?:process:\/\/([^/]+)\/info|logs:\/\/([^/]+)\/recent)$/.exec(uri) ?? [];
  if (info !== undefined) return { scheme: 'process', server: decode(info) };
  if (log !== undefined) return { scheme: 'logs', server: decode(log) };
  return { scheme: 'other', server: '' };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // No name holds a broken escape: it is looked up, and not found, as it stands.
    return text;
  }
}
