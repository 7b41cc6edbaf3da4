/** What an operation does to the world: nothing, something that can be taken back, something that cannot. */
type Effect = 'reads' | 'changes' | 'destroys';

/** Where an operation is found, and what it does to the world. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Below `/api`; `{name}` takes the input field of that name. GET takes the other fields from the query string. */
  readonly path: string;
  readonly effect: Effect;
}

/** Where each operation is found. Kept free of imports: the command line reads it on every start. */
export const routes = {
  'daemon.status': { method: 'GET', path: '/status', effect: 'reads' },
  'daemon.shutdown': { method: 'POST', path: '/shutdown', effect: 'destroys' },
  'server.list': { method: 'GET', path: '/servers', effect: 'reads' },
  'server.get': { method: 'GET', path: '/servers/{server}', effect: 'reads' },
  'server.add': { method: 'POST', path: '/servers/add', effect: 'changes' },
  'server.edit': { method: 'POST', path: '/servers/{server}/edit', effect: 'changes' },
  'server.remove': { method: 'POST', path: '/servers/remove', effect: 'destroys' },
  'server.start': { method: 'POST', path: '/servers/start', effect: 'changes' },
  'server.stop': { method: 'POST', path: '/servers/stop', effect: 'changes' },
  'server.restart': { method: 'POST', path: '/servers/restart', effect: 'changes' },
  'server.reload': { method: 'POST', path: '/servers/reload', effect: 'changes' },
  'server.diagnose': { method: 'GET', path: '/servers/{server}/diagnosis', effect: 'reads' },
  'server.scale': { method: 'POST', path: '/servers/{server}/scale', effect: 'changes' },
  'server.sendInput': { method: 'POST', path: '/servers/{server}/input', effect: 'changes' },
  'server.signal': { method: 'POST', path: '/servers/{server}/signal', effect: 'changes' },
  'server.login': { method: 'POST', path: '/servers/{server}/login', effect: 'changes' },
  'server.logout': { method: 'POST', path: '/servers/{server}/logout', effect: 'changes' },
  'server.approve': { method: 'POST', path: '/servers/approve', effect: 'changes' },
  'approval.list': { method: 'GET', path: '/approvals', effect: 'reads' },
  'audit.list': { method: 'GET', path: '/audit', effect: 'reads' },
  'log.read': { method: 'GET', path: '/servers/{server}/logs', effect: 'reads' },
  'log.search': { method: 'POST', path: '/logs/search', effect: 'reads' },
  'log.summary': { method: 'POST', path: '/logs/summary', effect: 'reads' },
  'tool.list': { method: 'GET', path: '/tools', effect: 'reads' },
  'tool.search': { method: 'GET', path: '/tools/search', effect: 'reads' },
  'tool.call': { method: 'POST', path: '/tools/call', effect: 'changes' },
  'call.list': { method: 'GET', path: '/calls', effect: 'reads' },
  'call.get': { method: 'GET', path: '/calls/{call}', effect: 'reads' },
  'fleet.get': { method: 'GET', path: '/fleet', effect: 'reads' },
  'fleet.overview': { method: 'GET', path: '/fleet/overview', effect: 'reads' },
  'fleet.read': { method: 'GET', path: '/fleet/file', effect: 'reads' },
  'fleet.plan': { method: 'POST', path: '/fleet/plan', effect: 'reads' },
  'fleet.save': { method: 'POST', path: '/fleet/save', effect: 'changes' },
  'fleet.apply': { method: 'POST', path: '/fleet/apply', effect: 'changes' },
  'fleet.verdict': { method: 'GET', path: '/fleet/verdict', effect: 'reads' },
  'alert.list': { method: 'GET', path: '/alerts', effect: 'reads' },
  'alert.acknowledge': { method: 'POST', path: '/alerts/acknowledge', effect: 'changes' },
  'alert.unacknowledge': { method: 'POST', path: '/alerts/unacknowledge', effect: 'changes' },
  'alert.history': { method: 'GET', path: '/alerts/history', effect: 'reads' },
  'alert.silence': { method: 'POST', path: '/alerts/silence', effect: 'changes' },
  'alert.unsilence': { method: 'POST', path: '/alerts/unsilence', effect: 'changes' },
  'alert.test': { method: 'POST', path: '/alerts/test', effect: 'changes' },
  'alert.rules': { method: 'GET', path: '/alerts/rules', effect: 'reads' },
  'metric.read': { method: 'GET', path: '/metrics', effect: 'reads' },
  'metric.latest': { method: 'GET', path: '/metrics/latest', effect: 'reads' },
  'schedule.list': { method: 'GET', path: '/schedules', effect: 'reads' },
  'schedule.run': { method: 'POST', path: '/schedules/{schedule}/run', effect: 'changes' },
  'schedule.pause': { method: 'POST', path: '/schedules/{schedule}/pause', effect: 'changes' },
  'schedule.resume': { method: 'POST', path: '/schedules/{schedule}/resume', effect: 'changes' },
  'report.performance': { method: 'GET', path: '/reports/performance', effect: 'reads' },
  'report.create': { method: 'POST', path: '/reports', effect: 'changes' },
  'report.list': { method: 'GET', path: '/reports', effect: 'reads' },
  'report.read': { method: 'GET', path: '/reports/kept/{report}', effect: 'reads' },
  'advice.capacity': { method: 'GET', path: '/advice/capacity', effect: 'reads' },
  'advice.benchmark': { method: 'POST', path: '/advice/benchmark', effect: 'changes' },
  'advice.list': { method: 'GET', path: '/advice', effect: 'reads' },
  'daemon.health': { method: 'GET', path: '/health', effect: 'reads' },
  'event.list': { method: 'GET', path: '/events', effect: 'reads' },
} as const satisfies Record<string, Route>;

export type OperationName = keyof typeof routes;
