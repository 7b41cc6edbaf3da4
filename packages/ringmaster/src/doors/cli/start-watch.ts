import { Problem } from '../../errors.ts';
import { sayWhy } from '../../japanese/say-why.ts';
import type { OutputOf } from '../../operations/index.ts';
import type { ServerView } from '../../operations/servers.ts';
import { speaksMcp } from '../../supervisor/speaks-mcp.ts';
import type { DaemonClient } from './client.ts';
import { formatDuration, printable } from './format.ts';
import { ownCommand } from './own-command.ts';
import { isUnhealthy, stateText } from './server-words.ts';
import { padColumns, widestColumns } from './table.ts';
import type { Terminal } from './terminal.ts';
import { lookEveryMs, pause } from './wait.ts';

type DaemonStatus = OutputOf<'daemon.status'>;

/** Longest wait for servers to settle; a fleet that needs longer goes on starting, only unwatched. */
const settleMaxMs = 120_000;

/** How a start went: the last state seen, and whether every server had settled by then. */
export interface Started {
  readonly status: DaemonStatus;
  readonly settled: boolean;
}

/**
 * Prints a line for each server as it gets where it stays (ready, failed, or not wanted), until all have, the time
 * is over or `stop` aborts. Undefined when the daemon stopped answering.
 */
export async function watchStart(
  client: DaemonClient,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<Started | undefined> {
  const printed = new Set<string>();
  const beganMs = performance.now();
  for (;;) {
    const status = await lookAt(client, stop);
    if (status === undefined) return undefined;
    const names = widestColumns(status.servers.map((server) => server.server));
    for (const server of status.servers) {
      if (printed.has(server.server) || !isSettled(server)) continue;
      printed.add(server.server);
      tell(terminal, serverLine(server, names, terminal));
    }
    const tookMs = performance.now() - beganMs;
    const settled = status.servers.every(
      (server) => isSettled(server) || hasMissed(server, tookMs),
    );
    if (settled || stop.aborted || tookMs > settleMaxMs) {
      for (const server of status.servers) {
        if (!printed.has(server.server)) tell(terminal, serverLine(server, names, terminal));
      }
      return { status, settled };
    }
    await pause(lookEveryMs, stop);
  }
}

/**
 * A server that died and is not back after so long is not waited for: its first start went wrong, and the next may go
 * wrong for as long as its time-out says.
 */
const patienceMs = 10_000;

function hasMissed(server: ServerView, tookMs: number): boolean {
  return tookMs > patienceMs && server.lastDeath !== undefined && server.state !== 'ready';
}

/** Totals, the endpoint and how to use it: what a person needs after `up`. */
export function tellStarted({ status, settled }: Started, terminal: Terminal): void {
  if (terminal.json) {
    terminal.resultJson(status);
    return;
  }
  const { say, paint } = terminal;
  const wanted = status.servers.filter((server) => server.wanted === 'running');
  const troubled = wanted.filter(isUnhealthy);
  const ready = wanted.length - troubled.length;
  const stopped = status.servers.filter((server) => server.state === 'stopped').length;
  const totals =
    say('up.totals', { ready, wanted: wanted.length }) +
    (stopped === 0 ? '' : say('up.stoppedToo', { stopped }));
  const colour = ready === wanted.length ? paint.green : paint.yellow;
  terminal.result(`\n${colour(totals)}${settled ? '' : ` ${say('up.unsettled')}`}\n`);
  const command = ownCommand(terminal.env);
  const rows = [
    ...troubled.map(({ server }) => [say('up.trouble'), `${command} status ${server}`] as const),
    [say('up.endpoint'), paint.bold(status.url)],
    [say('up.dashboard'), `${new URL(status.url).origin}/`],
    [say('up.one'), `${new URL(status.url).origin}/servers/NAME/mcp`],
    [say('up.client'), `claude mcp add --transport http ringmaster ${status.url}`],
    [say('up.stdio'), `${command} connect --data-dir ${status.dataDir}`],
    [say('up.more'), 'docs/guides/clients.md'],
  ] as const;
  const width = widestColumns(rows.map(([label]) => label));
  for (const [label, value] of rows) terminal.result(`  ${padColumns(label, width)}  ${value}`);
  terminal.result('');
}

/** Whether a server has got where it stays, as far as one can tell. */
export function isSettled(server: ServerView): boolean {
  if (server.wanted === 'stopped') return server.state === 'stopped' || server.state === 'failed';
  if (!isUnhealthy(server) || server.state === 'failed') return true;
  // Not started yet, or over for good because its restart policy says so.
  return server.state === 'stopped' && server.lastDeath !== undefined;
}

async function lookAt(client: DaemonClient, stop: AbortSignal): Promise<DaemonStatus | undefined> {
  try {
    return await client.ask('daemon.status', {});
  } catch (error) {
    const gone = error instanceof Problem && error.code === 'daemon_unreachable';
    if (gone || stop.aborted) return undefined;
    throw error;
  }
}

function serverLine(server: ServerView, names: number, terminal: Terminal): string {
  const { say, language, paint } = terminal;
  const took =
    server.state === 'ready' && server.startedAtMs !== undefined && !server.adopted
      ? say('up.took', {
          duration: formatDuration(server.sinceMs - server.startedAtMs, language),
        })
      : undefined;
  const facts = [
    protocolText(server),
    server.pid === undefined ? undefined : `pid ${server.pid}`,
    server.url,
    server.docsUrl === undefined ? undefined : say('up.docs', { url: server.docsUrl }),
    featuresText(server, terminal),
    took,
    isSaidByProtocol(server)
      ? undefined
      : paint.dim(printable(sayWhy(server.why, language)).replaceAll('\n', ' ')),
  ].filter((fact) => fact !== undefined && fact !== '');
  const state = padColumns(stateText(server.state, terminal), stateWidth(terminal));
  return `  ${padColumns(server.server, names)}  ${state}  ${facts.join(' · ')}`;
}

/** `stdio · MCP 2025-11-25`; a plain service that has an address speaks HTTP. */
function protocolText({ kind, protocolVersion: version, url }: ServerView): string {
  if (kind === 'service') return url === undefined ? kind : `${kind} · HTTP`;
  return version === undefined ? kind : `${kind} · MCP ${version}`;
}

/** The line names the revision already. */
function isSaidByProtocol({ why, protocolVersion }: ServerView): boolean {
  return protocolVersion !== undefined && why === speaksMcp(protocolVersion);
}

/** What it offers: as its entry says, and how many tools there are. */
function featuresText(server: ServerView, { say }: Terminal): string | undefined {
  const { features, tools } = server;
  const counted = tools === 0 ? [] : [say('up.tools', { count: tools })];
  const all = [...features.map(printable), ...counted];
  return all.length === 0 ? undefined : all.join(', ');
}

function stateWidth(terminal: Terminal): number {
  return widestColumns(
    (['ready', 'starting', 'waiting', 'failed', 'stopped'] as const).map((state) =>
      stateText(state, terminal),
    ),
  );
}

/** With `--json` stdout holds one document, so progress goes where notes go. */
function tell(terminal: Terminal, line: string): void {
  if (terminal.json) terminal.note(line);
  else terminal.result(line);
}
