/**
 * Only one of it can run: it holds the folder `--lock PATH` and exits with 3 when another does. Right after its handshake
 * it announces other tools, as servers do that look at their client.
 */
import { mkdirSync, rmdirSync } from 'node:fs';
import { textArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { serveLines, writeLine } from './line-server.ts';

const lock = textArgument('lock') ?? 'lock';
try {
  mkdirSync(lock);
} catch {
  process.stderr.write('The database is locked\n');
  process.exit(3);
}
process.on('exit', () => rmdirSync(lock));
process.on('SIGTERM', () => process.exit(0));

serveLines({
  name: 'alone',
  eras: 'legacy',
  tools: echoTools,
  before({ method }) {
    if (method === 'notifications/initialized')
      writeLine({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    return true;
  },
});
