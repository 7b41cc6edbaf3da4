import { Problem } from '../../errors.ts';
import { operations } from '../../operations/index.ts';
import { type OperationName, routes } from '../../operations/routes.ts';
import type { ControlTool } from './tool.ts';

/**
 * What no agent gets: to end the daemon, to approve what servers run, to sign in, and the fleet file as a whole, which
 * holds the rules for agents themselves, are a person's; calling the tools of servers, in a benchmark too, is what the
 * other endpoint is for.
 */
export const leftOut: readonly string[] = [
  'daemon.shutdown',
  'server.approve',
  'server.login',
  'server.logout',
  'tool.list',
  'tool.search',
  'tool.call',
  'advice.benchmark',
  'log.read',
  'fleet.read',
  'fleet.plan',
  'fleet.save',
];

/** Names that are not `verb_noun` of the operation's `noun.verb`. */
const names: Readonly<Record<string, string>> = {
  'daemon.status': 'get_daemon_status',
  'daemon.health': 'check_health',
  'fleet.overview': 'get_overview',
  'approval.list': 'list_approvals',
  'metric.read': 'get_metric_history',
  'event.list': 'list_events',
  'schedule.list': 'list_schedules',
  'call.list': 'list_calls',
  'advice.capacity': 'get_capacity_advice',
  'server.sendInput': 'send_input',
  'server.signal': 'signal_process',
  'fleet.verdict': 'get_verdict',
  'report.performance': 'get_performance',
  'advice.list': 'list_advice',
  'report.list': 'list_reports',
  'alert.list': 'list_alerts',
  'alert.rules': 'get_alert_rules',
  'alert.test': 'test_notifiers',
  'alert.history': 'get_alert_history',
};

/** Largest answer of a derived tool. */
const answerMaxChars = 40_000;

/** A tool for every operation that `taken` has none for. */
export function deriveTools(taken: readonly ControlTool[]): ControlTool[] {
  const done = new Set<string>(taken.map(({ operation }) => operation));
  return (Object.keys(routes) as OperationName[])
    .filter((name) => !done.has(name) && !leftOut.includes(name))
    .map(derive);
}

function derive(operation: OperationName): ControlTool {
  const { summary, input, output } = operations[operation];
  return {
    name: names[operation] ?? nameOf(operation),
    title: summary,
    description: `${summary}. Does ${operation}.`,
    ...{ operation, input, output },
    async run(ask, given) {
      const structured = (await ask(operation, given)) as Readonly<Record<string, unknown>>;
      const text = JSON.stringify(structured);
      if (text.length > answerMaxChars)
        throw new Problem(
          'too_large',
          `Cannot answer: found ${text.length} characters, needed at most ${answerMaxChars}; ask for less (a limit, one server, a shorter time)`,
        );
      return { structured, text };
    },
  };
}

/** `schedule.run` → `run_schedule`. */
function nameOf(operation: OperationName): string {
  const [noun = '', verb = ''] = operation.split('.');
  return `${verb}_${noun}`.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
