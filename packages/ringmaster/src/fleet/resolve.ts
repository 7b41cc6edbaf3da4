import { checkAlerts } from './check-alerts.ts';
import { authFaults } from './check-auth.ts';
import { checkViews } from './check-views.ts';
import { foundText } from './explain.ts';
import type { Fleet, ServerKind, ServerSpec } from './fleet.ts';
import type { FleetProblem } from './problem.ts';
import { type FleetFile, type ServerEntry, serverNamePattern } from './schema.ts';
import { findCycle } from './start-order.ts';
import { unknownName } from './suggest.ts';
import { segmentsOf } from './variables.ts';

/** A fleet, or every rule that the file breaks. */
export type Resolved =
  | { readonly ok: true; readonly fleet: Fleet }
  | { readonly ok: false; readonly problems: readonly FleetProblem[] };

/** Turns a file that fits the schema into a Fleet, checking the rules that need more than one field. */
export function resolveFleet(
  file: FleetFile,
  about: { readonly revision: number; readonly baseDir: string },
): Resolved {
  const problems: FleetProblem[] = [];
  const add = (path: FleetProblem['path'], message: string, at: 'key' | 'value' = 'value') =>
    problems.push({ path, at, message });

  checkListen(file, add);
  const servers: ServerSpec[] = [];
  for (const [name, entry] of Object.entries(file.servers)) {
    checkName(name, add);
    const kind = kindOf(name, entry, add);
    checkFields(name, entry, kind, add);
    for (const { field, message } of authFaults(entry, kind)) {
      const path = ['servers', name, 'auth', ...(field === undefined ? [] : [field])];
      add(path, message, field === undefined ? 'key' : 'value');
    }
    checkVariables(name, entry, add);
    servers.push({ ...entry, name, kind });
  }
  checkDependencies(servers, add);
  checkProfiles(file, add);
  checkPorts(file, add);
  checkViews(file, add);
  checkAlerts(file, add);
  if (problems.length > 0) return { ok: false, problems };

  const { fleet: name, servers: _, $schema: __, ...settings } = file;
  return { ok: true, fleet: { ...settings, name, ...about, servers } };
}

type Add = (path: FleetProblem['path'], message: string, at?: 'key' | 'value') => void;

/** Words that stand for something else where a server is named: `ringmaster stop all`. */
const reservedNames: readonly string[] = ['all'];

function checkName(name: string, add: Add): void {
  if (!serverNamePattern.test(name)) {
    add(
      ['servers', name],
      `found the name ${JSON.stringify(name.slice(0, 60))}, needed 1 to 48 letters, digits, "_", "." or "-", beginning with a letter or digit`,
      'key',
    );
  }
  if (reservedNames.includes(name)) {
    add(
      ['servers', name],
      `the name "${name}" stands for every server, needed another name`,
      'key',
    );
  }
}

function kindOf(name: string, entry: ServerEntry, add: Add): ServerKind {
  const { command, url } = entry;
  const path = ['servers', name];
  if (command === undefined && url === undefined) {
    const needed =
      entry.kind === 'service' ? 'command' : 'command (to start it) or url (to connect)';
    add(path, `found neither command nor url, needed ${needed}`, 'key');
  }
  if (entry.kind === 'service') {
    if (command === undefined && url !== undefined) {
      add(
        [...path, 'url'],
        'a service is started by us, needed command; for an MCP server, leave kind out',
      );
    }
    return 'service';
  }
  if (url === undefined) return 'stdio';
  if (!/^https?:\/\/[^/\s]+|^\$\{/i.test(url)) {
    const at = [...path, 'url'];
    add(at, `found ${foundText(at, url)}, needed an address that begins with http:// or https://`);
  }
  return command === undefined ? 'remote' : 'http';
}

function checkFields(name: string, entry: ServerEntry, kind: ServerKind, add: Add): void {
  const path = ['servers', name];
  if (kind === 'remote') {
    const idle = {
      args: entry.args.length > 0,
      cwd: entry.cwd !== undefined,
      env: Object.keys(entry.env).length > 0,
      port: entry.port !== undefined,
      user: entry.user !== undefined,
      group: entry.group !== undefined,
      resources: Object.values(entry.resources).some((limit) => limit !== undefined),
    };
    for (const [field, isSet] of Object.entries(idle)) {
      if (isSet)
        add([...path, field], 'is for a program that is started, needed command beside url', 'key');
    }
  }
  if (entry.url === undefined && Object.keys(entry.headers).length > 0) {
    add([...path, 'headers'], 'are sent to an HTTP server, needed url', 'key');
  }
  const { tcp, http } = entry.health;
  const hasPort = entry.port !== undefined;
  if (tcp === true && !hasPort) {
    add([...path, 'health', 'tcp'], 'found true, needed a port number here or port in this server');
  }
  if (http?.startsWith('/') && !hasPort) {
    add(
      [...path, 'health', 'http'],
      'found a path, needed a whole address here or port in this server',
    );
  } else if (http !== undefined && !/^\/|^https?:\/\/|^\$\{/.test(http)) {
    const at = [...path, 'health', 'http'];
    add(
      at,
      `found ${foundText(at, http)}, needed a path that begins with / or an address that begins with http://`,
    );
  }
  if (entry.docsUrl?.startsWith('/') && !hasPort && entry.url === undefined) {
    add(
      [...path, 'docsUrl'],
      'found a path, needed a whole address here, or port or url in this server',
    );
  }
  checkPool(path, entry, kind, add);
  const { baseDelayMs, maxDelayMs } = entry.restart;
  if (baseDelayMs > maxDelayMs) {
    add(
      [...path, 'restart', 'baseDelayMs'],
      `found ${baseDelayMs} ms, needed at most maxDelayMs, which is ${maxDelayMs} ms`,
    );
  }
}

function checkPool(
  path: FleetProblem['path'],
  { pool, port }: ServerEntry,
  kind: ServerKind,
  add: Add,
): void {
  if (pool.max !== undefined && pool.min > pool.max) {
    add([...path, 'pool', 'min'], `found ${pool.min}, needed at most max, which is ${pool.max}`);
  }
  if (kind === 'service' && pool.min === 0) {
    add([...path, 'pool', 'min'], 'found 0, needed at least 1: no call would wake a service');
  }
  if (pool.mode !== 'per-session' && pool.mode !== 'per-principal') return;
  const at = [...path, 'pool', 'mode'];
  if (kind === 'service' || kind === 'remote') {
    add(at, `found ${pool.mode}, needed auto or shared: no process of this server is ours to give`);
  } else if (typeof port === 'number') {
    add(at, `found ${pool.mode} beside a fixed port, needed port: auto, so that several can run`);
  }
}

/** A `${` that is never closed, or names no variable, would keep the server from ever starting. */
function checkVariables(name: string, entry: ServerEntry, add: Add): void {
  const path = ['servers', name];
  const { command, args, cwd, env, url, headers, auth, health } = entry;
  const texts: [FleetProblem['path'], string | undefined][] = [
    ...(
      [
        ['command', command],
        ['cwd', cwd],
        ['url', url],
      ] as const
    ).map(([field, text]): [FleetProblem['path'], string | undefined] => [[...path, field], text]),
    ...args.map((text, index): [FleetProblem['path'], string] => [[...path, 'args', index], text]),
    ...Object.entries({ env, headers }).flatMap(([field, own]) =>
      Object.entries(own).map(([key, text]): [FleetProblem['path'], string] => [
        [...path, field, key],
        text,
      ]),
    ),
    ...(['clientId', 'clientSecret', 'privateKeyFile', 'issuer'] as const).map(
      (field): [FleetProblem['path'], string | undefined] => [
        [...path, 'auth', field],
        auth[field],
      ],
    ),
    [[...path, 'health', 'http'], health.http],
  ];
  for (const [at, text] of texts) {
    if (segmentsOf(text ?? '').some(({ kind }) => kind === 'unreadable')) {
      add(
        at,
        'found a ${ that begins no variable, needed ${NAME}, ${NAME:-default}, or $$ for a plain $',
      );
    }
  }
}

const aServer = 'a server in this file';

function checkDependencies(servers: readonly ServerSpec[], add: Add): void {
  const names = servers.map((server) => server.name);
  const byName = new Map(servers.map((server) => [server.name, server]));
  for (const server of servers) {
    server.dependsOn.forEach((wanted, index) => {
      const path = ['servers', server.name, 'dependsOn', index];
      const found = byName.get(wanted);
      if (found === undefined) add(path, unknownName(wanted, names, aServer));
      else if (server.enabled && !found.enabled) {
        add(path, `"${wanted}" is disabled, needed an enabled server`);
      }
    });
  }
  const cycle = findCycle(servers);
  if (cycle !== undefined) {
    add(
      ['servers', cycle[0] ?? '', 'dependsOn'],
      `found a circle ${cycle.join(' → ')}, needed an order in which each can start`,
    );
  }
}

function checkProfiles(file: FleetFile, add: Add): void {
  const names = Object.keys(file.servers);
  for (const [profile, members] of Object.entries(file.profiles)) {
    if (members === 'all') continue;
    members.forEach((member, index) => {
      if (!names.includes(member))
        add(['profiles', profile, index], unknownName(member, names, aServer));
    });
  }
}

function checkPorts(file: FleetFile, add: Add): void {
  const owners = new Map<number, string>();
  if (file.listen.port !== 0) owners.set(file.listen.port, 'listen.port');
  for (const [name, entry] of Object.entries(file.servers)) {
    if (typeof entry.port !== 'number' || !entry.enabled) continue;
    const owner = owners.get(entry.port);
    if (owner === undefined) owners.set(entry.port, `server "${name}"`);
    else {
      add(
        ['servers', name, 'port'],
        `found ${entry.port}, which ${owner} has too; needed another port, or auto`,
      );
    }
  }
}

function checkListen(file: FleetFile, add: Add): void {
  const { host } = file.listen;
  if (host === 'localhost' || host === '::1' || host === '[::1]') return;
  if (/^127(\.\d{1,3}){3}$/.test(host)) return;
  add(
    ['listen', 'host'],
    `found ${JSON.stringify(host.slice(0, 60))}, needed a loopback address such as 127.0.0.1: without authentication every machine in reach could run these tools`,
  );
}
