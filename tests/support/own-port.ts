import { createServer } from 'node:net';

/** Below 32768, where Linux begins to give ports to connections: nobody gets one of these by chance. */
const firstPort = 20_000;
const portCount = 12_000;

/** A port of this test's own, for a daemon that must be found at the same address when it comes back. */
export async function ownPort(): Promise<number> {
  // Test files run at once, each in a process of its own: they begin far from each other.
  for (let step = (process.pid * 97) % portCount; ; step += 1) {
    const port = firstPort + (step % portCount);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
