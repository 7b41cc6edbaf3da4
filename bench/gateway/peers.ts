/** Other gateways on npm, fetched into a temporary folder when they are measured; the project does not depend on them. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot, type Target } from '../processes.ts';

/** A gateway that can be started in front of the echo child. */
interface Peer {
  readonly name: string;
  /** What is fetched, at a version, so that figures can be had again. */
  readonly package: string;
  readonly file: string;
  args(port: number, child: readonly string[]): readonly string[];
}

const peers: readonly Peer[] = [
  {
    name: 'mcp-proxy 6.7.19',
    package: 'mcp-proxy@6.7.19',
    file: 'mcp-proxy/dist/bin/mcp-proxy.mjs',
    args: (port, child) => ['--host', '127.0.0.1', '--port', `${port}`, '--', ...child],
  },
  {
    name: 'supergateway 4.0.0, stateful',
    package: 'supergateway@4.0.0',
    file: 'supergateway/dist/index.js',
    args: (port, child) => [
      ...['--stdio', child.join(' '), '--logLevel', 'none', '--port', `${port}`],
      ...['--outputTransport', 'streamableHttp', '--stateful'],
    ],
  },
];

const startTimeoutMs = 60_000;

/** Fetches and starts them all; `stop` ends them and removes the folder. */
export async function startPeers(): Promise<
  readonly { readonly name: string; readonly target: Target }[]
> {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-peers-'));
  const wanted = peers.map((peer) => peer.package);
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error'];
  execFileSync('npm', ['install', '--prefix', folder, ...quiet, ...wanted], { stdio: 'inherit' });
  const child = [process.execPath, inRoot('bench/dist/gateway/echo-child.js')];
  let running = peers.length;
  return Promise.all(
    peers.map(async ({ name, file, args }) => {
      const port = await freePort();
      const started = spawn(
        process.execPath,
        [join(folder, 'node_modules', file), ...args(port, child)],
        { stdio: 'ignore' },
      );
      const url = `http://127.0.0.1:${port}/mcp`;
      await answers(url);
      const stop = async (): Promise<void> => {
        const gone = new Promise((resolve) => started.once('exit', resolve));
        started.kill('SIGTERM');
        await gone;
        running -= 1;
        if (running === 0) rmSync(folder, { recursive: true, force: true });
      };
      return { name, target: { pid: started.pid ?? 0, url, stop } };
    }),
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(url: string): Promise<void> {
  const deadlineMs = performance.now() + startTimeoutMs;
  for (;;) {
    try {
      await fetch(url, { method: 'GET' });
      return;
    } catch (cause) {
      if (performance.now() > deadlineMs) throw new Error(`${url} does not answer`, { cause });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
