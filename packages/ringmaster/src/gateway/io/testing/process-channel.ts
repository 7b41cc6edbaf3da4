import { type ChildProcess, spawn } from 'node:child_process';
import type { Channel } from '../../../supervisor/conversation.ts';

/** A child process as the gateway's tests need it: pipes, lines and its end; the supervisor's job in small. */
export interface RunningProcess {
  readonly channel: Channel;
  readonly pid: number;
  /** Lines written to it so far. */
  readonly sent: readonly string[];
  /** Lines it wrote that the gateway has read. */
  readonly received: readonly string[];
  /** Lines for its log. */
  readonly notes: readonly string[];
  /** Resolves with how it ended. */
  readonly ended: Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts `node` with these arguments. */
export function runProcess(args: readonly string[]): RunningProcess {
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  let receive: (line: string) => void = () => {};
  let rest = '';
  const notes: string[] = [];
  const sent: string[] = [];
  const received: string[] = [];
  child.stdin?.on('error', () => {});
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((one) => one.trim() !== '')) {
      receive(line);
      received.push(line);
    }
  });
  return {
    ...{ notes, sent, received },
    pid: child.pid ?? 0,
    ended: new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    }),
    kill: (signal) => child.kill(signal),
    channel: {
      send(text) {
        sent.push(text);
        child.stdin?.write(`${text}\n`);
        return child.stdin?.writableLength ?? 0;
      },
      onLine(then) {
        receive = then;
      },
      note: (line) => void notes.push(line),
    },
  };
}
