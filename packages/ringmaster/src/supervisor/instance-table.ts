import type { InstanceState } from './instance.ts';

/** What can happen to an instance, classified before it reaches the table; `exceeded`: it uses more than it may. */
export type Signal =
  | 'start'
  | 'stop'
  | 'sleep'
  | 'opened'
  | 'healthy'
  | 'sick'
  | 'deadline'
  | 'exceeded'
  | 'diedRetry'
  | 'diedGiveUp'
  | 'diedAsAsked'
  | 'diedToSleep';

/**
 * What hands do on a change of state. `arm` sets the only deadline a state has and `clear` removes it;
 * `publish` and `withdraw` concern the server's place in the catalogue, `rest` keeps it there although nothing runs;
 * `raise` is the alert that a server failed.
 */
export type Effect =
  | 'spawn'
  | 'terminate'
  | 'kill'
  | 'arm'
  | 'clear'
  | 'publish'
  | 'withdraw'
  | 'rest'
  | 'raise';

/** A change of state, `stay` (nothing to do), or `impossible` (journal it and stay). */
export type Cell =
  | { readonly to: InstanceState; readonly effects: readonly Effect[] }
  | 'stay'
  | 'impossible';

function go(to: InstanceState, ...effects: Effect[]): Cell {
  return { to, effects };
}

/** A stop asked for: a second request changes nothing, so only four states answer it. */
const stopRunning = go('stopping', 'terminate', 'arm');
const retry = go('waiting', 'arm');
const giveUp = go('failed', 'clear', 'withdraw', 'raise', 'arm');
const begin = go('starting', 'spawn', 'arm');

/** Every state against every signal; the compiler asks for each cell. For a URL server spawn means connect, died means lost. */
export const instanceTable: Readonly<Record<InstanceState, Readonly<Record<Signal, Cell>>>> = {
  stopped: {
    start: begin,
    stop: 'stay',
    sleep: go('asleep', 'rest'),
    opened: 'impossible',
    healthy: 'stay',
    sick: 'stay',
    deadline: 'stay',
    exceeded: 'stay',
    diedRetry: 'impossible',
    diedGiveUp: 'impossible',
    diedAsAsked: 'impossible',
    diedToSleep: 'impossible',
  },
  asleep: {
    start: begin,
    stop: go('stopped', 'clear', 'withdraw'),
    sleep: 'stay',
    opened: 'impossible',
    healthy: 'stay',
    sick: 'stay',
    deadline: 'stay',
    exceeded: 'stay',
    diedRetry: 'impossible',
    diedGiveUp: 'impossible',
    diedAsAsked: 'impossible',
    diedToSleep: 'impossible',
  },
  starting: {
    start: 'stay',
    stop: stopRunning,
    sleep: stopRunning,
    opened: go('ready', 'clear', 'publish'),
    healthy: 'stay',
    sick: 'stay',
    deadline: stopRunning,
    exceeded: stopRunning,
    diedRetry: retry,
    diedGiveUp: giveUp,
    diedAsAsked: 'impossible',
    diedToSleep: 'impossible',
  },
  ready: {
    start: 'stay',
    stop: stopRunning,
    sleep: stopRunning,
    opened: 'impossible',
    healthy: 'stay',
    sick: go('sick', 'arm'),
    deadline: 'stay',
    exceeded: stopRunning,
    diedRetry: retry,
    diedGiveUp: giveUp,
    diedAsAsked: 'impossible',
    diedToSleep: 'impossible',
  },
  sick: {
    start: 'stay',
    stop: stopRunning,
    sleep: stopRunning,
    opened: 'impossible',
    healthy: go('ready', 'clear', 'publish'),
    sick: 'stay',
    deadline: stopRunning,
    exceeded: stopRunning,
    diedRetry: retry,
    diedGiveUp: giveUp,
    diedAsAsked: 'impossible',
    diedToSleep: 'impossible',
  },
  stopping: {
    start: 'stay',
    stop: 'stay',
    sleep: 'stay',
    opened: 'stay',
    healthy: 'stay',
    sick: 'stay',
    deadline: go('stopping', 'kill', 'arm'),
    exceeded: 'stay',
    diedRetry: retry,
    diedGiveUp: giveUp,
    diedAsAsked: go('stopped', 'clear', 'withdraw'),
    diedToSleep: go('asleep', 'clear', 'rest'),
  },
  waiting: {
    start: begin,
    stop: go('stopped', 'clear', 'withdraw'),
    sleep: 'stay',
    opened: 'impossible',
    healthy: 'stay',
    sick: 'stay',
    deadline: begin,
    exceeded: 'stay',
    diedRetry: 'impossible',
    diedGiveUp: 'impossible',
    diedAsAsked: 'impossible',
    diedToSleep: 'impossible',
  },
  failed: {
    start: begin,
    stop: go('stopped', 'clear', 'withdraw'),
    sleep: 'stay',
    opened: 'impossible',
    healthy: 'stay',
    sick: 'stay',
    deadline: begin,
    exceeded: 'stay',
    diedRetry: 'impossible',
    diedGiveUp: 'impossible',
    diedAsAsked: 'impossible',
    diedToSleep: 'impossible',
  },
};

/** States in which a process (or, for a URL server, a connection) may exist. */
export function isRunning(state: InstanceState): boolean {
  return state === 'starting' || state === 'ready' || state === 'sick' || state === 'stopping';
}
