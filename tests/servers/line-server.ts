import { createMcp, type McpOptions, type Message } from './mcp.ts';

export interface LineServerOptions extends McpOptions {
  /** Sees every message before it is answered; false swallows it. */
  readonly before?: (message: Message) => boolean;
  /** Sends a reply; by default one line on stdout. */
  readonly write?: (message: Message) => void;
  /** What happens when stdin ends; by default the process exits with 0. */
  readonly onEnd?: () => void;
}

/** Writes one message as one line on stdout. */
export function writeLine(message: Message): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** Serves MCP on stdin and stdout, one JSON-RPC message a line. */
export function serveLines(options: LineServerOptions): void {
  const mcp = createMcp(options);
  const write = options.write ?? writeLine;
  readLines(
    (line) => {
      const message = parse(line);
      if (message === undefined) return;
      if (options.before?.(message) === false) return;
      mcp.receive(message, write);
    },
    options.onEnd ?? (() => process.exit(0)),
  );
}

/** Calls back for every line of stdin that is not blank, and once at its end. */
export function readLines(onLine: (line: string) => void, onEnd: () => void): void {
  let rest = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onLine(line);
  });
  process.stdin.on('end', onEnd);
}

function parse(line: string): Message | undefined {
  try {
    return JSON.parse(line) as Message;
  } catch {
    // A test server has nobody to complain to; the client notices the missing answer.
    return undefined;
  }
}
