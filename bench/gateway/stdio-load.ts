import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One client on the pipes of one child of its own, with nothing between, keeping `inFlight` calls going. */
export function createStdioLoad(args: readonly string[], inFlight: number) {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, (text: string | undefined) => void>();
  let nextId = 1;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, result } = JSON.parse(line);
    waiting.get(id)?.(result?.content?.[0]?.text);
    waiting.delete(id);
  });

  async function call(): Promise<void> {
    const id = nextId++;
    const text = `call ${id}`;
    const params = { name: 'echo', arguments: { text } };
    const answered = new Promise((resolve) => waiting.set(id, resolve));
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params })}\n`);
    if ((await answered) !== text) throw new Error(`A wrong answer to call ${id}`);
  }

  return {
    /** Calls for about `durationMs`. */
    async run(durationMs: number): Promise<{ readonly calls: number; readonly tookMs: number }> {
      const startedMs = performance.now();
      let calls = 0;
      const work = async () => {
        for (; performance.now() - startedMs < durationMs; calls += 1) await call();
      };
      await Promise.all(Array.from({ length: inFlight }, work));
      return { calls, tookMs: performance.now() - startedMs };
    },
    close: () => void child.stdin.end(),
  };
}
