/** Prints lines that are no protocol on stdout, before and after every message. */
import { echoTools } from './echo-tools.ts';
import { serveLines, writeLine } from './line-server.ts';

process.stdout.write('noisy: starting up…\n\n   \n');

serveLines({
  name: 'noisy',
  tools: echoTools,
  write(message) {
    process.stdout.write('[info] about to answer\n{"level":"info","text":"structured log"}\n');
    writeLine(message);
    process.stdout.write('[1,2,3]\n"text"\nnull\nDone {not json}\n');
  },
});
