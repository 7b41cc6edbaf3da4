/** Obeys SIGTERM at once, and leaves behind a grandchild that ignores it: in its group, or `--detached` not. */
import { hasArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { familyTool, startGrandchild } from './family.ts';
import { serveLines } from './line-server.ts';

const where = hasArgument('detached') ? 'detached' : 'inGroup';
const family = { [where]: startGrandchild(where) };

process.on('SIGTERM', () => process.exit(0));
serveLines({ name: 'leaver', tools: [...echoTools, familyTool(family)] });
