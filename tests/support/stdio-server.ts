import { type ChildProcess, spawn } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { waitFor } from './wait.ts';

export interface StdioServer {
  readonly child: ChildProcess;
  /** Every line of stdout so far. */
  readonly lines: readonly string[];
  /** Every line of stderr so far. */
  readonly errors: readonly string[];
  send(message: object): void;
  /** Sends a request and waits for the answer with its id. */
  request(method: string, params?: object): Promise<Reply>;
  /** Calls a tool and returns its first text. */
  call(tool: string, input?: object): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Reply {
  readonly id?: number | string;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** The compiled file of a test server of `tests/servers`. */
export function serverFile(name: string): string {
  return fileURLToPath(new URL(`../servers/${name}.js`, import.meta.url));
}

/** Starts a test server, by name or by its file, on pipes; it and its process group are killed at the end of the scope. */
export function startServer(
  name: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): StdioServer {
  const child = spawn(process.execPath, [isAbsolute(name) ? name : serverFile(name), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...env },
  });
  const lines: string[] = [];
  const errors: string[] = [];
  let nextId = 1;
  child.stdin.on('error', () => {
    // The server is gone; whoever waits for its answer is told by the deadline.
  });
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));

  const send = (message: object) => void child.stdin.write(`${JSON.stringify(message)}\n`);
  const request = async (method: string, params: object = {}): Promise<Reply> => {
    const id = nextId++;
    send({ jsonrpc: '2.0', id, method, params });
    const reply = () => lines.map(parseReply).find((one) => one?.id === id);
    return waitFor(`the answer of ${name} to ${method}`, reply);
  };
  return {
    child,
    lines,
    errors,
    send,
    request,
    async call(tool, input = {}) {
      const reply = await request('tools/call', { name: tool, arguments: input });
      const content = reply.result?.['content'] as { text: string }[] | undefined;
      return content?.[0]?.text ?? JSON.stringify(reply.error);
    },
    async [Symbol.asyncDispose]() {
      killGroup(child);
      if (child.exitCode === null && child.signalCode === null)
        await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

function parseReply(line: string): Reply | undefined {
  try {
    return JSON.parse(line) as Reply;
  } catch {
    // Not a message: some servers print other things on purpose.
    return undefined;
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}
