import { Problem } from '../../../errors.ts';
import type { ServerView } from '../../../operations/servers.ts';
import { type ExitCode, type Run, textOption } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { statusTable } from './status.ts';

type Change = 'server.start' | 'server.stop' | 'server.restart' | 'server.reload';

/** Longest drain, grace and start that a fleet file allows, one after the other, with room for `dependsOn`. */
const settleTimeoutMs = 4 * 3_600_000;

/** `ringmaster start|stop|restart|reload SERVER…|all`: exits 1 when one did not get where it should. */
export function changeServers(change: Change): Run {
  return async (invocation): Promise<ExitCode> => {
    const { words, flags, terminal } = invocation;
    const profile = textOption(invocation, 'profile');
    if (words.length === 0 && profile === undefined) {
      throw new Problem('bad_usage', terminal.say('usage.missingArgument', { argument: 'server' }));
    }
    const named = [...words, ...(profile === undefined ? [] : [profile])].join(', ');
    const client = await reachDaemon(flags, terminal);
    terminal.detail(terminal.say(`doing.${change}`, { servers: named }));
    const { servers } = await client.ask(
      change,
      { servers: [...words], ...(profile === undefined ? {} : { profile }) },
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
