import { Problem } from '../../../errors.ts';
import { sayWhy } from '../../../japanese/say-why.ts';
import type { OutputOf } from '../../../operations/index.ts';
import type { ServerView } from '../../../operations/servers.ts';
import {
  formatBytes,
  formatDuration,
  formatPercent,
  formatTime,
  localOffsetMinutes,
  printable,
} from '../format.ts';
import type { ExitCode, Invocation } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import {
  exitText,
  isUnhealthy,
  nothing,
  poolText,
  stateText,
  statusCells,
} from '../server-words.ts';
import { padColumns, renderTable, widestColumns } from '../table.ts';
import type { Terminal } from '../terminal.ts';

type DaemonStatus = OutputOf<'daemon.status'>;

/** `ringmaster status [SERVER…]`: exits 1 when a server that is wanted is not ready. */
export async function run({ words, flags, terminal }: Invocation): Promise<ExitCode> {
  const client = await reachDaemon(flags, terminal);
  if (words.length === 1 && words[0] !== undefined && words[0] !== 'all') {
    const server = await client.ask('server.get', { server: words[0] });
    if (terminal.json) terminal.resultJson(server);
    else terminal.result(serverDetail(server, terminal));
    return isUnhealthy(server) ? 1 : 0;
  }
  const status = await client.ask('daemon.status', {});
  const servers = choose(status.servers, words, terminal);
  if (terminal.json) terminal.resultJson(words.length === 0 ? status : { servers });
  else {
    if (words.length === 0) {
      const { verdict } = await client.ask('fleet.verdict', {});
      terminal.result(`${daemonLine(status, terminal)}\n${verdict[terminal.language]}\n`);
    }
    terminal.result(statusTable(servers, terminal));
    tellRejected(status, terminal);
  }
  return servers.some(isUnhealthy) ? 1 : 0;
}

/** The table of servers as `status` and the commands that change servers print it. */
export function statusTable(servers: readonly ServerView[], terminal: Terminal): string {
  const { say } = terminal;
  if (servers.length === 0) return say('status.noServers');
  return renderTable(
    [
      { heading: say('column.server') },
      { heading: say('column.state') },
      { heading: say('column.pid'), align: 'right' },
      { heading: say('column.uptime'), align: 'right' },
      { heading: say('column.restarts'), align: 'right' },
      { heading: say('column.lastExit') },
      { heading: say('column.nextTry') },
      { heading: say('column.memory'), align: 'right' },
      { heading: say('column.cpu'), align: 'right' },
      { heading: say('column.calls'), align: 'right' },
      { heading: say('column.why') },
    ],
    servers.map((server) => statusCells(server, terminal)),
    terminal.widthColumns,
  );
}

function choose(
  servers: readonly ServerView[],
  names: readonly string[],
  terminal: Terminal,
): readonly ServerView[] {
  if (names.length === 0 || names.includes('all')) return servers;
  const unknown = names.filter((name) => !servers.some((server) => server.server === name));
  if (unknown.length > 0) {
    throw new Problem(
      'server_not_found',
      terminal.say('status.unknown', {
        names: unknown.join(', '),
        known: servers.map((server) => server.server).join(', '),
      }),
    );
  }
  return servers.filter((server) => names.includes(server.server));
}

function daemonLine(status: DaemonStatus, terminal: Terminal): string {
  const { say, language, paint } = terminal;
  return [
    paint.bold(status.fleet),
    ...(status.profile === undefined ? [] : [say('status.profile', { profile: status.profile })]),
    say('status.revision', { revision: status.revision }),
    status.url,
    say('status.up', { duration: formatDuration(status.uptimeMs, language) }),
    `pid ${status.pid}`,
    say('status.sessions', { count: status.sessions }),
    formatBytes(status.memoryBytes),
  ].join(' · ');
}

function tellRejected(status: DaemonStatus, terminal: Terminal): void {
  const rejected = status.lastRejected;
  if (rejected === undefined) return;
  const at = formatTime(rejected.atMs, localOffsetMinutes(rejected.atMs));
  terminal.result(`\n${terminal.paint.yellow(terminal.say('status.rejected', { at }))}`);
  for (const problem of rejected.problems)
    terminal.result(`  ${printable(sayWhy(problem, terminal.language))}`);
}

/** Everything there is to say of one server, one fact a line. */
function serverDetail(server: ServerView, terminal: Terminal): string {
  const { say, language } = terminal;
  const rows = [
    [say('column.state'), stateText(server.state, terminal)],
    [say('column.why'), printable(sayWhy(server.why, language))],
    [say('column.kind'), server.kind],
    [say('detail.wanted'), say(`wanted.${server.wanted}`)],
    ...signInRows(server, terminal),
    ...figures(server, terminal),
  ] as const;
  const width = widestColumns(rows.map(([label]) => label));
  return [
    terminal.paint.bold(server.server) +
      (server.description === undefined ? '' : ` – ${server.description}`),
    ...rows.map(([label, value]) => `  ${padColumns(label, width)}  ${value}`),
    ...lastLines(server, terminal),
  ].join('\n');
}

function signInRows(
  { server, signIn }: ServerView,
  { say, language }: Terminal,
): readonly (readonly [string, string])[] {
  if (signIn === undefined) return [];
  const { state, issuer = nothing, why, scopes } = signIn;
  const values = { server, issuer: printable(issuer) };
  const reason = why === undefined ? '' : ` (${printable(sayWhy(why, language))})`;
  return [
    [say('detail.signIn'), `${say(`signIn.${state}`, values)}${reason}`],
    [say('detail.scopes'), printable(scopes.join(' ')) || nothing],
  ];
}

function figures(server: ServerView, terminal: Terminal): readonly (readonly [string, string])[] {
  const { say, language } = terminal;
  const time = (atMs: number) => formatTime(atMs, localOffsetMinutes(atMs));
  const when = <T>(value: T | undefined, text: (value: T) => string) =>
    value === undefined ? nothing : text(value);
  return [
    [say('column.pid'), when(server.pid, String)],
    [say('detail.url'), when(server.url, String)],
    [say('detail.docs'), when(server.docsUrl, String)],
    [say('detail.features'), server.features.map(printable).join(', ') || nothing],
    [say('detail.port'), when(server.port, String)],
    [say('detail.startedAt'), when(server.startedAtMs, time)],
    [say('column.uptime'), when(server.uptimeMs, (ms) => formatDuration(ms, language))],
    [say('detail.adopted'), say(server.adopted ? 'word.yes' : 'word.no')],
    [say('column.restarts'), String(server.restarts)],
    [
      say('column.lastExit'),
      when(
        server.lastDeath,
        (death) =>
          `${exitText(death.exit, terminal)}, ${time(death.atMs)} (${sayWhy(death.why, language)})`,
      ),
    ],
    [say('column.nextTry'), when(server.nextTryAtMs, time)],
    [say('column.memory'), when(server.memoryBytes, formatBytes)],
    [say('column.cpu'), when(server.cpuPercent, formatPercent)],
    [say('detail.pool'), poolText(server, terminal)],
    [say('detail.processes'), when(server.processCount, String)],
    [say('detail.limits'), limitsText(server, terminal)],
    [
      say('column.calls'),
      say('detail.callFigures', {
        calls: server.calls,
        failed: server.failedCalls,
        inFlight: server.inFlight,
      }),
    ],
    [say('detail.tools'), String(server.tools)],
    [say('detail.protocol'), server.protocolVersion ?? nothing],
  ];
}

function limitsText({ limits }: ServerView, { say }: Terminal): string {
  if (limits.length === 0) return nothing;
  return limits
    .map(({ resource, limit, means }) => {
      const amount = resource === 'memoryBytes' ? formatBytes(limit) : String(limit);
      return `${resource} ${amount} (${say(`means.${means}`)})`;
    })
    .join(', ');
}

function lastLines(server: ServerView, terminal: Terminal): readonly string[] {
  const lines = server.lastDeath?.lastLines ?? [];
  if (lines.length === 0) return [];
  return [
    `  ${terminal.say('detail.lastLines')}`,
    ...lines.map((line) => `    ${terminal.paint.dim(printable(line))}`),
  ];
}
