/** A process that ignores SIGTERM; it leaves after ten minutes, so that a failing test leaks nothing for ever. */
const lifeMs = 600_000;

process.on('SIGTERM', () => {});
process.on('SIGHUP', () => {});
setTimeout(() => process.exit(0), lifeMs);
process.send?.('deaf');
process.disconnect?.();
