import type { CommandRow } from './command-row.ts';

/** The commands that tell how it goes and went: health, alerts, reports and what is done at set times. */
export const dutyCommands = {
  health: {
    arguments: '',
    help: 'help.health',
    options: [{ flags: '--strict', help: 'help.health.strict' }],
    load: async () => (await import('./commands/health.ts')).run,
  },
  alerts: {
    arguments: '[action] [name]',
    help: 'help.alerts',
    options: [
      { flags: '--history', help: 'help.alerts.history' },
      { flags: '--for <duration>', help: 'help.alerts.for' },
      { flags: '--rule <rule>', help: 'help.alerts.rule' },
      { flags: '--note <text>', help: 'help.alerts.note' },
    ],
    load: async () => (await import('./commands/alerts.ts')).run,
  },
  performance: {
    arguments: '',
    help: 'help.performance',
    options: [
      { flags: '--hours <count>', help: 'help.performance.hours' },
      { flags: '--markdown', help: 'help.performance.markdown' },
    ],
    load: async () => (await import('./commands/performance.ts')).run,
  },
  report: {
    arguments: '[period] [name]',
    help: 'help.report',
    options: [
      { flags: '--current', help: 'help.report.current' },
      { flags: '--time-zone <zone>', help: 'help.report.timeZone' },
      { flags: '--format <form>', help: 'help.report.format' },
    ],
    load: async () => (await import('./commands/report.ts')).run,
  },
  recommendations: {
    arguments: '',
    help: 'help.recommendations',
    options: [
      { flags: '--hours <count>', help: 'help.performance.hours' },
      { flags: '--config-tuning', help: 'help.recommendations.configTuning' },
    ],
    load: async () => (await import('./commands/recommendations.ts')).run,
  },
  audit: {
    arguments: '[text...]',
    help: 'help.audit',
    options: [
      { flags: '--since <time>', help: 'help.metrics.since' },
      { flags: '--refused', help: 'help.audit.refused' },
      { flags: '--format <form>', help: 'help.audit.format' },
    ],
    load: async () => (await import('./commands/audit.ts')).run,
  },
  optimize: {
    arguments: '[server]',
    help: 'help.optimize',
    options: [
      { flags: '--suggestions', help: 'help.optimize.suggestions' },
      { flags: '--apply', help: 'help.optimize.apply' },
      { flags: '--benchmark', help: 'help.optimize.benchmark' },
      { flags: '--keep', help: 'help.optimize.keep' },
      { flags: '--set <setting=value>', help: 'help.optimize.set', repeats: true },
      { flags: '--unset <setting>', help: 'help.edit.unset', repeats: true },
      { flags: '--tool <tool>', help: 'help.optimize.tool' },
      { flags: '--arg <name=value>', help: 'help.optimize.arg', repeats: true },
      { flags: '--seconds <count>', help: 'help.optimize.seconds' },
      { flags: '--concurrency <count>', help: 'help.optimize.concurrency' },
      { flags: '--hours <count>', help: 'help.performance.hours' },
    ],
    load: async () => (await import('./commands/optimize.ts')).run,
  },
  diagnose: {
    arguments: '<server>',
    help: 'help.diagnose',
    options: [],
    load: async () => (await import('./commands/diagnose.ts')).run,
  },
  schedule: {
    arguments: '[action] [name]',
    help: 'help.schedule',
    options: [],
    load: async () => (await import('./commands/schedule.ts')).run,
  },
} as const satisfies Record<string, CommandRow>;
