/**
 * Shows how it was started. Tool `started`: arguments, working directory and environment as JSON; the same goes to
 * stderr as one line at the start. `--service`: speaks no MCP, writes that line to stdout too and waits for SIGTERM.
 */
import { hasArgument } from './arguments.ts';
import { serveLines } from './line-server.ts';

const started = JSON.stringify({
  pid: process.pid,
  args: process.argv.slice(2),
  cwd: process.cwd(),
  env: process.env,
});

process.stderr.write(`${started}\n`);
if (hasArgument('service')) {
  process.stdout.write(`${started}\n`);
  setInterval(() => {}, 60_000);
} else {
  serveLines({ name: 'prints-args', tools: [{ name: 'started', run: () => started }] });
}
