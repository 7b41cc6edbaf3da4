import type { IncomingHttpHeaders } from 'node:http';
import type { Asker } from '../../operations/asked.ts';

/** Longest name of a caller that is looked at, in characters. */
const nameMax = 100;

/**
 * Who asks over HTTP, as it says itself: our command line names the account it runs under, a page of ours has the
 * header that browsers alone set (`Sec-Fetch-Site`, W3C Fetch Metadata), anybody else is called by the first word of
 * User-Agent.
 */
export function askerOf(headers: IncomingHttpHeaders): Asker {
  const agent = headers['user-agent'] ?? '';
  const [, account] = /^ringmaster-cli \(([^)]{1,300})\)$/.exec(agent) ?? [];
  if (account !== undefined) return { door: 'cli', by: decoded(account).slice(0, nameMax) };
  if (headers['sec-fetch-site'] === 'same-origin') return { door: 'dashboard', by: 'dashboard' };
  return { door: 'rest', by: agent.split(' ')[0]?.slice(0, nameMax) || 'unknown' };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Somebody else's per cent signs.
    return text;
  }
}
