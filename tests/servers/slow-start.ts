/** Takes its time: `--ms N` before `initialize` is answered, `--list-ms N` before `tools/list` is. */
import { numberArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { serveLines, writeLine } from './line-server.ts';
import type { Message } from './mcp.ts';

const slowIds = new Map<string | number, number>();

serveLines({
  name: 'slow-start',
  tools: echoTools,
  before(message) {
    if (message.id === undefined) return true;
    if (message.method === 'initialize') slowIds.set(message.id, numberArgument('ms', 1_000));
    if (message.method === 'tools/list') slowIds.set(message.id, numberArgument('list-ms', 0));
    return true;
  },
  write: writeLater,
});

function writeLater(message: Message): void {
  const delayMs = slowIds.get(message.id ?? '') ?? 0;
  slowIds.delete(message.id ?? '');
  if (delayMs === 0) writeLine(message);
  else setTimeout(writeLine, delayMs, message);
}
