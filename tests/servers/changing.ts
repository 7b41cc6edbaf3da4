/**
 * Its tools change while it runs: `grow` adds one (`extra_1`, `extra_2`, …), `shrink` takes the newest away, each with
 * `notifications/tools/list_changed`; `pretend` sends the notification and changes nothing. `--modern`: both eras.
 */
import { hasArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { serveLines, writeLine } from './line-server.ts';
import type { Tool } from './mcp.ts';

const tools: Tool[] = [
  ...echoTools,
  { name: 'grow', run: () => changed(() => tools.push(extraTool())) },
  { name: 'shrink', run: () => changed(() => isExtra(tools.at(-1)) && tools.pop()) },
  { name: 'pretend', run: () => changed(() => undefined) },
];
const fixedCount = tools.length;

serveLines({ name: 'changing', eras: hasArgument('modern') ? 'both' : 'legacy', tools });

function extraTool(): Tool {
  const name = `extra_${tools.length - fixedCount + 1}`;
  return { name, run: () => name };
}

function isExtra(tool: Tool | undefined): boolean {
  return tool?.name.startsWith('extra_') === true;
}

function changed(change: () => unknown): string {
  change();
  writeLine({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
  return String(tools.length);
}
