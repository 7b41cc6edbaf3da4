import { Problem } from '../../../errors.ts';
import type { Address } from '../client.ts';
import { seeDaemon } from '../daemon-record.ts';
import { startDetached } from '../detach.ts';
import { type ExitCode, type Invocation, isGiven, textOption } from '../invocation.ts';
import { findDataDir, requireFleetFile } from '../locate.ts';
import { findAddress } from '../reach.ts';
import { lookEveryMs, pause } from '../wait.ts';

/** Longest wait for the daemon that another client of this moment is starting. */
const rivalMaxMs = 15_000;

/** `ringmaster connect`: the endpoint as a stdio MCP server; stdout belongs to the protocol alone. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const path = pathOf(invocation);
  const { host, port } = await addressOrStart(invocation);
  const url = `http://${host}:${port}${path}`;
  invocation.terminal.detail(invocation.terminal.say('connect.to', { url }));
  const { connectStdio } = await import('../../../gateway/io/legs/stdio-client.ts');
  await connectStdio({
    ...{ url, input: process.stdin, output: process.stdout },
    async relocate() {
      // While a daemon starts anew there is none to find; the old address is tried again.
      const at = await findAddress(invocation.flags, invocation.terminal).catch(() => undefined);
      return at === undefined ? undefined : `http://${at.host}:${at.port}${path}`;
    },
  });
  return 0;
}

function pathOf(invocation: Invocation): string {
  const server = textOption(invocation, 'server');
  const view = textOption(invocation, 'view');
  const isControl = isGiven(invocation, 'control');
  if ([server !== undefined, view !== undefined, isControl].filter(Boolean).length > 1) {
    throw new Problem('bad_usage', invocation.terminal.say('connect.oneOf'));
  }
  if (isControl) return '/control/mcp';
  if (server !== undefined) return `/servers/${encodeURIComponent(server)}/mcp`;
  return view === undefined ? '/mcp' : `/views/${encodeURIComponent(view)}/mcp`;
}

async function addressOrStart(invocation: Invocation): Promise<Address> {
  const { flags, terminal } = invocation;
  try {
    return await findAddress(flags, terminal);
  } catch (error) {
    const isDown = error instanceof Problem && error.code === 'daemon_unreachable';
    if (!isDown || !isGiven(invocation, 'up')) throw error;
  }
  const file = requireFleetFile(flags, terminal);
  const dataDir = await findDataDir(flags, file, terminal);
  const wanted = { file, dataDir, port: flags.port, profile: undefined };
  try {
    return (await startDetached(wanted, terminal)).address;
  } catch (error) {
    // Clients start together, each with its own `connect --up`; one of them wins, and its daemon serves all.
    return await addressOfRival(dataDir, error);
  }
}

async function addressOfRival(dataDir: string, error: unknown): Promise<Address> {
  const isRefused = error instanceof Problem && /^daemon_(running|failed)$/.test(error.code);
  const giveUpAtMs = performance.now() + (isRefused ? rivalMaxMs : 0);
  for (;;) {
    const seen = seeDaemon(dataDir);
    if (seen.kind === 'running') return seen.record;
    if (performance.now() >= giveUpAtMs) throw error;
    await pause(lookEveryMs);
  }
}
