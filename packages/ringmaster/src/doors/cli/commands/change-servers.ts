import type { ServerView } from '../../../operations/servers.ts';
import type { ExitCode, Run } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { statusTable } from './status.ts';

type Change = 'server.start' | 'server.stop' | 'server.restart' | 'server.reload';

/** Longest drain, grace and start that a fleet file allows, one after the other, with room for `dependsOn`. */
const settleTimeoutMs = 4 * 3_600_000;

/** `ringmaster start|stop|restart|reload SERVER…|all`: exits 1 when one did not get where it should. */
export function changeServers(change: Change): Run {
  return async ({ words, flags, terminal }): Promise<ExitCode> => {
    const client = await reachDaemon(flags, terminal);
    terminal.detail(terminal.say(`doing.${change}`, { servers: words.join(', ') }));
    const { servers } = await client.ask(
      change,
      { servers: [...words] },
      { timeoutMs: settleTimeoutMs },
    );
    if (terminal.json) terminal.resultJson({ servers });
    else terminal.result(statusTable(servers, terminal));
    return servers.every((server) => isThere(change, server)) ? 0 : 1;
  };
}

function isThere(change: Change, server: ServerView): boolean {
  return server.state === (change === 'server.stop' ? 'stopped' : 'ready');
}
