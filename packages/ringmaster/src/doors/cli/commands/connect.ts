import { Problem } from '../../../errors.ts';
import type { Address } from '../client.ts';
import { startDetached } from '../detach.ts';
import { type ExitCode, type Invocation, isGiven, textOption } from '../invocation.ts';
import { findDataDir, requireFleetFile } from '../locate.ts';
import { findAddress } from '../reach.ts';

/** `ringmaster connect`: the endpoint as a stdio MCP server; stdout belongs to the protocol alone. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { host, port } = await addressOrStart(invocation);
  const server = textOption(invocation, 'server');
  const path = server === undefined ? '/mcp' : `/servers/${encodeURIComponent(server)}/mcp`;
  const url = `http://${host}:${port}${path}`;
  invocation.terminal.detail(invocation.terminal.say('connect.to', { url }));
  const { connectStdio } = await import('../../../gateway/io/legs/stdio-client.ts');
  await connectStdio({ url, input: process.stdin, output: process.stdout });
  return 0;
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
  const profile = undefined;
  const client = await startDetached({ file, dataDir, port: flags.port, profile }, terminal);
  return client.address;
}
