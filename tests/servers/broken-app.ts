/**
 * An application that logs a lot, as real ones do, and dies of an exception deep in a library: with `--needs FILE` it
 * reads a file that may not be there. `--chatter N` lines before (default 150).
 */
import { readFileSync } from 'node:fs';
import { numberArgument, textArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { serveLines } from './line-server.ts';

for (let at = 1; at <= numberArgument('chatter', 150); at += 1)
  process.stderr.write(
    `2026-03-01T09:15:${String(at % 60).padStart(2, '0')}.${at}Z INFO  [worker-${at % 4}] loaded plug-in ${at} of the registry in ${at % 17} ms (cache hit, checksum ok)\n`,
  );

const needed = textArgument('needs');
if (needed !== undefined) readFileSync(needed);

serveLines({ name: 'broken-app', tools: echoTools });
