import type { CommandRow, OptionRow } from './command-row.ts';
import { dutyCommands } from './command-table-duty.ts';

/** The servers of a profile, besides those named. */
const profileOption: OptionRow = { flags: '--profile <name>', help: 'help.profile' };

const sinceOption: OptionRow = { flags: '--since <time>', help: 'help.metrics.since' };

/** Every command in the order of the help. */
export const commandTable = {
  up: {
    arguments: '',
    help: 'help.up',
    options: [
      { flags: '-d, --detach', help: 'help.up.detach' },
      { flags: '--profile <name>', help: 'help.up.profile' },
      { flags: '--service', help: 'help.up.service' },
    ],
    load: async () => (await import('./commands/up.ts')).run,
  },
  down: {
    arguments: '',
    help: 'help.down',
    options: [],
    load: async () => (await import('./commands/down.ts')).run,
  },
  status: {
    arguments: '[server...]',
    help: 'help.status',
    options: [],
    load: async () => (await import('./commands/status.ts')).run,
  },
  start: {
    arguments: '[server...]',
    help: 'help.start',
    options: [profileOption],
    load: async () => (await loadChange())('server.start'),
  },
  stop: {
    arguments: '[server...]',
    help: 'help.stop',
    options: [profileOption],
    load: async () => (await loadChange())('server.stop'),
  },
  restart: {
    arguments: '[server...]',
    help: 'help.restart',
    options: [profileOption],
    load: async () => (await loadChange())('server.restart'),
  },
  add: {
    arguments: '<server> [command...]',
    help: 'help.add',
    options: [
      { flags: '--url <url>', help: 'help.add.url' },
      { flags: '--env <name=value>', help: 'help.add.env', repeats: true },
      { flags: '--header <name=value>', help: 'help.add.header', repeats: true },
      { flags: '--service', help: 'help.add.service' },
      { flags: '--server-port <port>', help: 'help.add.port' },
    ],
    load: async () => (await import('./commands/add.ts')).run,
  },
  edit: {
    arguments: '<server>',
    help: 'help.edit',
    options: [
      { flags: '--set <setting=value>', help: 'help.edit.set', repeats: true },
      { flags: '--unset <setting>', help: 'help.edit.unset', repeats: true },
      { flags: '--dry-run', help: 'help.edit.dryRun' },
    ],
    load: async () => (await import('./commands/edit.ts')).run,
  },
  remove: {
    arguments: '<server...>',
    help: 'help.remove',
    options: [],
    load: async () => (await import('./commands/remove.ts')).run,
  },
  reload: {
    arguments: '[server...]',
    help: 'help.reload',
    options: [profileOption],
    load: async () => (await loadChange())('server.reload'),
  },
  scale: {
    arguments: '<server> <count>',
    help: 'help.scale',
    options: [],
    load: async () => (await import('./commands/scale.ts')).run,
  },
  'ensure-started': {
    arguments: '[server...]',
    help: 'help.ensureStarted',
    options: [profileOption],
    load: async () => (await loadChange())('server.start'),
  },
  'ensure-stopped': {
    arguments: '[server...]',
    help: 'help.ensureStopped',
    options: [profileOption],
    load: async () => (await loadChange())('server.stop'),
  },
  approve: {
    arguments: '[server...]',
    help: 'help.approve',
    options: [],
    load: async () => (await import('./commands/approve.ts')).run,
  },
  login: {
    arguments: '<server>',
    help: 'help.login',
    options: [{ flags: '--no-browser', help: 'help.login.noBrowser' }],
    load: async () => (await import('./commands/login.ts')).run,
  },
  logout: {
    arguments: '<server>',
    help: 'help.logout',
    options: [],
    load: async () => (await import('./commands/logout.ts')).run,
  },
  'send-input': {
    arguments: '<server> <text...>',
    help: 'help.sendInput',
    options: [],
    load: async () => (await import('./commands/send-input.ts')).run,
  },
  signal: {
    arguments: '<server> <name>',
    help: 'help.signal',
    options: [],
    load: async () => (await import('./commands/signal.ts')).run,
  },
  logs: {
    arguments: '[server...]',
    help: 'help.logs',
    options: [
      { flags: '-f, --follow', help: 'help.logs.follow' },
      { flags: '-n, --lines <count>', help: 'help.logs.lines' },
      { flags: '--level <level>', help: 'help.logs.level' },
      { flags: '--search <text>', help: 'help.logs.search' },
      { flags: '--match <pattern>', help: 'help.logs.match' },
      { flags: '--since <time>', help: 'help.logs.since' },
      { flags: '--until <time>', help: 'help.logs.until' },
      { flags: '--summary', help: 'help.logs.summary' },
      { flags: '--export <path>', help: 'help.logs.export' },
    ],
    replaces: ['-f'],
    load: async () => (await import('./commands/logs.ts')).run,
  },
  tools: {
    arguments: '[server]',
    help: 'help.tools',
    options: [
      { flags: '--view <name>', help: 'help.tools.view' },
      { flags: '--find <words>', help: 'help.tools.find' },
    ],
    load: async () => (await import('./commands/tools.ts')).run,
  },
  call: {
    arguments: '<tool>',
    help: 'help.call',
    options: [
      { flags: '--json <arguments>', help: 'help.call.json' },
      { flags: '--arg <key=value>', help: 'help.call.arg', repeats: true },
      { flags: '--output <form>', help: 'help.call.output' },
      { flags: '--timeout <ms>', help: 'help.call.timeout' },
    ],
    replaces: ['--json'],
    load: async () => (await import('./commands/call.ts')).run,
  },
  connect: {
    arguments: '',
    help: 'help.connect',
    options: [
      { flags: '--server <name>', help: 'help.connect.server' },
      { flags: '--view <name>', help: 'help.connect.view' },
      { flags: '--control', help: 'help.connect.control' },
      { flags: '--up', help: 'help.connect.up' },
    ],
    load: async () => (await import('./commands/connect.ts')).run,
  },
  validate: {
    arguments: '[file]',
    help: 'help.validate',
    options: [],
    load: async () => (await import('./commands/validate.ts')).run,
  },
  init: {
    arguments: '',
    help: 'help.init',
    options: [],
    load: async () => (await import('./commands/init.ts')).run,
  },
  import: {
    arguments: '',
    help: 'help.import',
    options: [
      { flags: '--from <source...>', help: 'help.import.from' },
      { flags: '--dry-run', help: 'help.import.dryRun' },
    ],
    load: async () => (await import('./commands/import.ts')).run,
  },
  export: {
    arguments: '',
    help: 'help.export',
    options: [
      { flags: '--client <name>', help: 'help.export.client' },
      { flags: '--servers', help: 'help.export.servers' },
      { flags: '--replace', help: 'help.export.replace' },
      { flags: '--path <file>', help: 'help.export.path' },
      { flags: '--dry-run', help: 'help.export.dryRun' },
    ],
    load: async () => (await import('./commands/export.ts')).run,
  },
  apply: {
    arguments: '',
    help: 'help.apply',
    options: [{ flags: '--dry-run', help: 'help.apply.dryRun' }],
    load: async () => (await import('./commands/apply.ts')).run,
  },
  metrics: {
    arguments: '[server]',
    help: 'help.metrics',
    options: [
      sinceOption,
      { flags: '--step <step>', help: 'help.metrics.step' },
      { flags: '--detailed', help: 'help.metrics.detailed' },
      { flags: '--capacity-planning', help: 'help.metrics.capacity' },
      { flags: '--period <time>', help: 'help.metrics.period' },
    ],
    load: async () => (await import('./commands/metrics.ts')).run,
  },
  ...dutyCommands,
  calls: {
    arguments: '[server]',
    help: 'help.calls',
    options: [sinceOption, { flags: '--failed', help: 'help.calls.failed' }],
    load: async () => (await import('./commands/calls.ts')).run,
  },
  events: {
    arguments: '[server]',
    help: 'help.events',
    options: [
      { flags: '--follow', help: 'help.events.follow' },
      { flags: '-n, --lines <count>', help: 'help.events.lines' },
      { flags: '--kind <kind>', help: 'help.events.kind' },
    ],
    load: async () => (await import('./commands/events.ts')).run,
  },
  doctor: {
    arguments: '',
    help: 'help.doctor',
    options: [
      { flags: '--orphans', help: 'help.doctor.orphans' },
      { flags: '--yes', help: 'help.doctor.yes' },
    ],
    load: async () => (await import('./commands/doctor.ts')).run,
  },
  'install-service': {
    arguments: '',
    help: 'help.installService',
    options: [
      { flags: '--system', help: 'help.installService.system' },
      { flags: '--user <name>', help: 'help.installService.user' },
      { flags: '--dry-run', help: 'help.installService.dryRun' },
    ],
    load: async () => (await import('./commands/install-service.ts')).run,
  },
  'uninstall-service': {
    arguments: '',
    help: 'help.uninstallService',
    options: [
      { flags: '--system', help: 'help.uninstallService.system' },
      { flags: '--dry-run', help: 'help.uninstallService.dryRun' },
    ],
    load: async () => (await import('./commands/uninstall-service.ts')).run,
  },
} as const satisfies Record<string, CommandRow>;

async function loadChange() {
  return (await import('./commands/change-servers.ts')).changeServers;
}
