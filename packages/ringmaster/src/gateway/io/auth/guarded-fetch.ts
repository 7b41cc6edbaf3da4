import { lookup as lookUp } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { messageChain, Problem } from '../../../errors.ts';
import { addressBlocks, isWithin, type Nearness, type Reach } from '../../auth-reach.ts';

/** Longest a whole answer of an authorization server may take. */
const answerTimeoutMs = 10_000;
/** Largest answer that is read; metadata and tokens have a few kB. */
const answerMaxBytes = 262_144;
/** Longest wait for a connection. */
const connectTimeoutMs = 5_000;

/** A fetch as the OAuth functions of the SDK take it. */
export type GuardedFetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * A fetch for addresses that a server, not the operator, named: https only (http where both are on this machine), no
 * address nearer than `reach` allows, checked after the name was resolved and on the very address that is connected to,
 * so that no second resolution can slip in between. Redirects are not followed: whoever asks follows them through here
 * again. Throws `sign_in_failed`.
 */
export function createGuardedFetch(reach: Reach): GuardedFetch {
  return async (given, init = {}) => {
    const url = new URL(given);
    refuseByName(url, reach);
    // Loaded when first needed: most fleets never ask an authorization server.
    const { Agent, request } = await import('undici');
    const dispatcher = new Agent({
      // Nothing is asked often enough to keep its connection.
      pipelining: 0,
      connect: { lookup: guardedLookup(reach), timeout: connectTimeoutMs },
    });
    try {
      const answer = await request(url, {
        dispatcher,
        method: (init.method ?? 'GET') as 'GET' | 'POST',
        headers: Object.fromEntries(new Headers(init.headers)),
        body: bodyOf(init.body),
        signal: AbortSignal.timeout(answerTimeoutMs),
      });
      const text = await readCapped(answer.body, url);
      return responseOf(answer.statusCode, answer.headers, text);
    } catch (error) {
      if (error instanceof Problem) throw error;
      throw new Problem('sign_in_failed', `Cannot ask ${url.origin}: ${messageChain(error)}`);
    } finally {
      void dispatcher.destroy();
    }
  };
}

/** How near a literal address is; undefined for a name. */
export function nearnessOf(address: string): Nearness | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  for (const { nearness, list } of blocks) if (list.check(address, family)) return nearness;
  return 'public';
}

const blocks = addressBlocks.map(({ address, prefix, family, nearness }) => {
  const list = new BlockList();
  list.addSubnet(address, prefix, family);
  return { nearness, list };
});

function refuseByName(url: URL, reach: Reach): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const literal = nearnessOf(host);
  const isLocal = literal === 'loopback' || host === 'localhost' || host.endsWith('.localhost');
  const isSecure = url.protocol === 'https:' || (url.protocol === 'http:' && isLocal);
  if (!isSecure) throw refusal(url, 'it is not https');
  if (literal !== undefined && !isWithin(reach, literal)) throw refusal(url, why(literal));
}

function guardedLookup(reach: Reach): LookupFunction {
  return (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 0);
      const wrong = found.find(
        ({ address }) => !isWithin(reach, nearnessOf(address) ?? 'forbidden'),
      );
      const [first] = found;
      if (wrong !== undefined || first === undefined) {
        const nearness = nearnessOf(wrong?.address ?? '') ?? 'forbidden';
        return callback(new Error(`${hostname} ${why(nearness)}`), '', 0);
      }
      if (options.all === true) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}

function why(nearness: Nearness): string {
  return nearness === 'forbidden'
    ? 'has an address that is for special use'
    : `has a ${nearness} address, which a server elsewhere must not send us to`;
}

function refusal(url: URL, reason: string): Problem {
  const where = `${url.protocol}//${url.host}`.slice(0, 200);
  return new Problem('sign_in_failed', `Refused to ask ${where}: ${reason}`);
}

function bodyOf(body: RequestInit['body']): string | null {
  return body === undefined || body === null ? null : String(body);
}

async function readCapped(body: AsyncIterable<Buffer>, url: URL): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > answerMaxBytes)
      throw refusal(url, `its answer has more than ${answerMaxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function responseOf(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  text: string,
): Response {
  const told = new Headers();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) told.set(name, String(value));
  const isEmpty = status === 204 || status === 304;
  return new Response(isEmpty ? null : text, { status, headers: told });
}
