/**
 * An application that logs a lot, as real ones do, and dies of an exception deep in a library: with `--needs FILE` it
 * reads a file that may not be there, with `--needs-env NAME` a variable, with `--listens PORT` it takes a port, with
 * `--holds-bytes N` memory, and an option it does not know is refused. `--late-ms N` before it serves. `--chatter N`
 * lines before (default 150).
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hasArgument, numberArgument, textArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { serveLines } from './line-server.ts';

for (let at = 1; at <= numberArgument('chatter', 150); at += 1)
  process.stderr.write(
    `2026-03-01T09:15:${String(at % 60).padStart(2, '0')}.${at}Z INFO  [worker-${at % 4}] loaded plug-in ${at} of the registry in ${at % 17} ms (cache hit, checksum ok)\n`,
  );

const known = ['needs', 'needs-env', 'listens', 'holds-bytes', 'late-ms', 'chatter'];
const option = process.argv.find((word) => word.startsWith('--') && !known.includes(word.slice(2)));
if (option !== undefined) throw new Error(`unknown option ${option}`);
const needed = textArgument('needs');
if (needed !== undefined) readFileSync(needed);
const variable = textArgument('needs-env');
if (variable !== undefined && process.env[variable] === undefined)
  throw new Error(`environment variable ${variable} is required`);
const port = numberArgument('listens', 0);
if (port !== 0) createServer().listen(port, '127.0.0.1');
const held = Buffer.alloc(numberArgument('holds-bytes', 0), 1);
setInterval(() => held.at(-1), 60_000).unref();

const serve = () => serveLines({ name: 'broken-app', tools: echoTools });
if (hasArgument('late-ms')) setTimeout(serve, numberArgument('late-ms', 0));
else serve();
