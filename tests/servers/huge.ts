/**
 * Answers of any size. Tools: `huge {bytes}` (default 10 MB) a proper answer; `endless {bytes}` as many bytes without
 * a newline, then an empty line and the proper answer. `--list-bytes N` pads the description of one listed tool.
 */
import { numberArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { serveLines } from './line-server.ts';
import type { Tool } from './mcp.ts';

const defaultBytes = 10_000_000;

const huge: Tool = {
  name: 'huge',
  description: `Returns much ${'.'.repeat(numberArgument('list-bytes', 0))}`,
  run: (call) => 'h'.repeat(Number(call.arguments['bytes'] ?? defaultBytes)),
};

const endless: Tool = {
  name: 'endless',
  description: 'Writes many bytes that are no line, then answers',
  run(call) {
    process.stdout.write('e'.repeat(Number(call.arguments['bytes'] ?? defaultBytes)));
    process.stdout.write('\n\n');
    return 'endless';
  },
};

serveLines({ name: 'huge', tools: [...echoTools, huge, endless] });
