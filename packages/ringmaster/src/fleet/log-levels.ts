/** How bad a log entry is, worst first; what names no level counts as `info`. */
export const logLevels = ['critical', 'error', 'warn', 'info', 'debug'] as const;
