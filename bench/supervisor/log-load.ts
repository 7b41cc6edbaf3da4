/** What the benches of logs share: a writer that is told when to begin, and calls to another server meanwhile. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../processes.ts';

const writerFile = inRoot('bench/dist/supervisor/log-writer.js');
const lookEveryMs = 5;
const waitMaxMs = 120_000;
const callEveryMs = 5;

/** Arguments for Node: a writer whose files lie in `folder`. */
export function writerArgs(folder: string, what: { lines: number; perWrite: number }): string[] {
  const files = ['--go', join(folder, 'go'), '--done', join(folder, 'done')];
  return [writerFile, ...files, '--lines', `${what.lines}`, '--per-write', `${what.perWrite}`];
}

/** Lets the writer of this folder begin; resolves to the milliseconds it took. */
export async function runWriter(folder: string): Promise<number> {
  writeFileSync(join(folder, 'go'), '');
  const done = join(folder, 'done');
  await until(() => existsSync(done) && readFileSync(done, 'utf8') !== '');
  return Number(readFileSync(done, 'utf8'));
}

/** One call every few milliseconds to the server that does not write. */
export function callRegularly(url: string) {
  const took: number[] = [];
  let isOver = false;
  const running = (async () => {
    while (!isOver) {
      took.push(await call(url));
      await pass(callEveryMs);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await running;
      return took;
    },
  };
}

/** One call over HTTP; resolves to the milliseconds it took. */
export async function call(url: string): Promise<number> {
  const startedMs = performance.now();
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const params = { name: 'echo', arguments: { text: 'x' }, _meta: meta };
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'echo',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  });
  await response.text();
  if (response.status !== 200) throw new Error(`A call was answered with ${response.status}`);
  return performance.now() - startedMs;
}

/** Of values in order; `share` from 0 to 1; two digits. */
export function percentile(sorted: readonly number[], share: number): string {
  return (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(2);
}

function pass(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

/** Rejects when it is not so in time. */
export async function until(isSo: () => boolean, maxMs = waitMaxMs): Promise<void> {
  const giveUpAtMs = performance.now() + maxMs;
  while (!isSo()) {
    if (performance.now() > giveUpAtMs) throw new Error(`Not so after ${maxMs} ms`);
    await pass(lookEveryMs);
  }
}
