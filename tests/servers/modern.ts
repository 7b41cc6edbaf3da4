/** Speaks 2026-07-28 only: `initialize` is answered with -32022. */
import { textArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { serveLines } from './line-server.ts';

serveLines({ name: textArgument('name') ?? 'modern', eras: 'modern', tools: echoTools });
