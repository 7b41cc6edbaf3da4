/** Speaks both eras on one process. */
import { textArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { serveLines } from './line-server.ts';

serveLines({ name: textArgument('name') ?? 'dual', eras: 'both', tools: echoTools });
