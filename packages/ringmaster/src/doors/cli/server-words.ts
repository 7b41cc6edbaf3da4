import { sayWhy } from '../../japanese/say-why.ts';
import type { ServerView } from '../../operations/servers.ts';
import { formatBytes, formatDuration, formatPercent, printable } from './format.ts';
import type { Terminal } from './terminal.ts';

type State = ServerView['state'];
type Exit = NonNullable<ServerView['lastDeath']>['exit'];
type Colour = 'green' | 'yellow' | 'red' | 'dim' | 'cyan';

/** How a state looks: a glyph, so that it can be told without colour, and a colour. */
const looks: Readonly<Record<State, { readonly glyph: string; readonly colour: Colour }>> = {
  ready: { glyph: '●', colour: 'green' },
  starting: { glyph: '◐', colour: 'cyan' },
  sick: { glyph: '▲', colour: 'yellow' },
  stopping: { glyph: '◑', colour: 'cyan' },
  stopped: { glyph: '○', colour: 'dim' },
  asleep: { glyph: '☾', colour: 'green' },
  waiting: { glyph: '↻', colour: 'yellow' },
  failed: { glyph: '✗', colour: 'red' },
};

/** Stands where there is nothing to say. */
export const nothing = '–';

/** Glyph and word of a state, in its colour. */
export function stateText(state: State, terminal: Terminal): string {
  const { glyph, colour } = looks[state];
  return terminal.paint[colour](`${glyph} ${terminal.say(`state.${state}`)}`);
}

/** How a process ended, in a word or two. */
export function exitText(exit: Exit, terminal: Terminal): string {
  switch (exit.kind) {
    case 'exited':
      return terminal.say('exit.code', { code: exit.code });
    case 'signalled':
      return exit.signal;
    case 'unknown':
      return terminal.say('exit.unknown');
    case 'spawnFailed':
      return terminal.say('exit.spawnFailed');
  }
}

/** How many of its processes run, how many may, and for whom: `2 of 1–4, 1 leased`. */
export function poolText({ pool, readyInstances }: ServerView, { say }: Terminal): string {
  const { mode, min, max, fixed, leased } = pool;
  const range = fixed === undefined ? (min === max ? `${max}` : `${min}–${max}`) : `${fixed}`;
  return [
    say('pool.size', { ready: readyInstances, range }),
    ...(leased > 0 ? [say('pool.leased', { leased })] : []),
    ...(fixed === undefined ? [] : [say('pool.fixed')]),
    mode,
  ].join(', ');
}

/** A server that a person wants running and that is neither ready nor asleep until called makes a fleet unhealthy. */
export function isUnhealthy(server: ServerView): boolean {
  return server.wanted === 'running' && server.state !== 'ready' && server.state !== 'asleep';
}

/** Cells of one server in the order of the status table. */
export function statusCells(server: ServerView, terminal: Terminal): readonly string[] {
  const { language, say } = terminal;
  const orNothing = <T>(value: T | undefined, text: (value: T) => string) =>
    value === undefined ? nothing : text(value);
  return [
    server.server,
    stateText(server.state, terminal),
    orNothing(server.pid, String),
    orNothing(server.uptimeMs, (uptimeMs) => formatDuration(uptimeMs, language)),
    String(server.restarts),
    orNothing(server.lastDeath, (death) => exitText(death.exit, terminal)),
    orNothing(server.nextTryAtMs, (atMs) =>
      say('status.in', { duration: formatDuration(atMs - terminal.nowMs(), language) }),
    ),
    orNothing(server.memoryBytes, formatBytes),
    orNothing(server.cpuPercent, formatPercent),
    `${server.calls}/${server.failedCalls}`,
    printable(sayWhy(server.why, language)).replaceAll('\n', ' '),
  ];
}
