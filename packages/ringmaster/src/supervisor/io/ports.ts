import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { Problem } from '../../errors.ts';

/** A free port on loopback, the preferred one if it is still free. Another process may take it before it is used. */
export async function freePort(preferred: number | undefined): Promise<number> {
  if (preferred !== undefined && (await tryPort(preferred)) !== undefined) return preferred;
  const port = await tryPort(0);
  if (port === undefined) throw new Problem('port_in_use', 'Found no free port on 127.0.0.1');
  return port;
}

/** Rejects with `port_in_use`, naming the process that holds the port, when it cannot be listened on. */
export async function requireFreePort(port: number): Promise<void> {
  if ((await tryPort(port)) !== undefined) return;
  const holder = portHolder(port);
  const who = holder === undefined ? 'another process' : `process ${holder.pid} (${holder.name})`;
  throw new Problem('port_in_use', `Port ${port} is held by ${who}`, {
    details: { port, ...holder },
  });
}

/** Listens for a moment; the port it got, or undefined when that is taken or not allowed. */
function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const got = typeof address === 'object' && address !== null ? address.port : undefined;
      server.close(() => resolve(got));
    });
  });
}

/** The process that listens on a port. */
export interface PortHolder {
  readonly pid: number;
  readonly name: string;
}

/** State `0A` of `/proc/net/tcp` is LISTEN (Linux tcp_states.h). */
const listening = '0A';

/** Who listens on a port, as far as `/proc` lets us see; undefined elsewhere and for other users' processes. */
export function portHolder(port: number): PortHolder | undefined {
  const inodes = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => listeners(file, port)),
  );
  if (inodes.size === 0) return undefined;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || !holds(entry, inodes)) continue;
    return { pid: Number(entry), name: readText(`/proc/${entry}/comm`).trim() };
  }
  return undefined;
}

function listeners(file: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readText(file)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) === true && fields[3] === listening)
    .map((fields) => fields[9] ?? '');
}

function holds(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    // Another user's process, or one that just ended.
    return false;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
