/**
 * Writes to stderr at full speed: `--lines N` (default: without end) of `--bytes N` each (default 100), numbered.
 * `--service`: to stdout as well, without speaking MCP. The tool `written` tells how many lines were written.
 */
import { hasArgument, numberArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { serveLines } from './line-server.ts';

const lines = numberArgument('lines', Number.POSITIVE_INFINITY);
const padding = 'f'.repeat(Math.max(0, numberArgument('bytes', 100) - 12));
const linesAtOnce = 200;
let written = 0;

flood();
if (!hasArgument('service')) {
  const tool = { name: 'written', run: () => String(written) };
  serveLines({ name: 'flood', tools: [...echoTools, tool] });
}

function flood(): void {
  let text = '';
  for (let count = 0; count < linesAtOnce && written < lines; count += 1) {
    written += 1;
    text += `${String(written).padStart(10, '0')} ${padding}\n`;
  }
  process.stderr.write(text);
  if (hasArgument('service')) process.stdout.write(text);
  if (written < lines) setImmediate(flood);
}
