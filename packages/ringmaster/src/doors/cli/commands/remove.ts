import type { ExitCode, Invocation } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { tellActions } from './apply.ts';

/** Longest drain and grace that a fleet file allows. */
const stopTimeoutMs = 2 * 3_600_000;

/** `ringmaster remove SERVER…`: stops them and takes them out of the fleet file. */
export async function run({ words, flags, terminal }: Invocation): Promise<ExitCode> {
  const client = await reachDaemon(flags, terminal);
  const asked = { servers: [...words] };
  const result = await client.ask('server.remove', asked, { timeoutMs: stopTimeoutMs });
  if (terminal.json) terminal.resultJson(result);
  else tellActions(result, terminal);
  return 0;
}
