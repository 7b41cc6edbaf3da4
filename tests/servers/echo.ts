/** Answers everything properly. `--name NAME`. */
import { textArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { serveLines } from './line-server.ts';

serveLines({ name: textArgument('name') ?? 'echo', tools: echoTools });
