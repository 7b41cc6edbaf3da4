/** Ignores SIGTERM and leaves only when stdin ends, after writing `stdin ended` to `--marker FILE`. */
import { writeFileSync } from 'node:fs';
import { textArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { serveLines } from './line-server.ts';

process.on('SIGTERM', () => process.stderr.write('eof: SIGTERM ignored\n'));
serveLines({
  name: 'eof',
  tools: echoTools,
  onEnd() {
    const marker = textArgument('marker');
    if (marker !== undefined) writeFileSync(marker, 'stdin ended\n');
    process.exit(0);
  },
});
