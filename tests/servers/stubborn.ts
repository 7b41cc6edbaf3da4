/**
 * Ignores SIGTERM and the end of stdin, and so do its two grandchildren: one in its process group, one in a session
 * of its own. Only SIGKILL ends them (or ten minutes). The tool `family` tells their pids. `--inherit`: the
 * grandchildren keep stdout and stderr open.
 */
import { hasArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { familyTool, startGrandchild } from './family.ts';
import { serveLines } from './line-server.ts';

const output = hasArgument('inherit') ? 'inherit' : 'ignore';
const family = {
  inGroup: startGrandchild('inGroup', output),
  detached: startGrandchild('detached', output),
};

process.on('SIGTERM', () => process.stderr.write('stubborn: SIGTERM ignored\n'));
process.on('SIGHUP', () => {});
setTimeout(() => process.exit(0), 600_000);

serveLines({
  name: 'stubborn',
  tools: [...echoTools, familyTool(family)],
  onEnd: () => process.stderr.write('stubborn: end of stdin ignored\n'),
});
