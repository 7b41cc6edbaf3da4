import { Pool } from 'undici';

/** How a client of one era asks. */
export type Era = 'legacy' | 'modern';

export interface Round {
  readonly calls: number;
  readonly tookMs: number;
  /** Of every call, sorted. */
  readonly latenciesMs: readonly number[];
}

interface Reply {
  readonly id?: unknown;
  readonly result?: { readonly content?: readonly { readonly text?: string }[] };
}

const modernMeta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** A client on keep-alive connections that keeps `inFlight` calls going and checks every answer. */
export async function createLoad(url: string, era: Era, inFlight: number) {
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, { connections: inFlight, pipelining: 1 });
  const headers = await openSession(pool, path, era);
  let nextId = 1;

  async function call(): Promise<void> {
    const id = nextId++;
    const text = `call ${id} of ${era}`;
    const meta = era === 'modern' ? { _meta: modernMeta } : {};
    const params = { name: 'echo', arguments: { text }, ...meta };
    const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params });
    const response = await pool.request({ path, method: 'POST', headers, body });
    const answer = await response.body.text();
    const reply = JSON.parse(messageIn(answer)) as Reply;
    if (reply.id !== id || reply.result?.content?.[0]?.text !== text)
      throw new Error(`A wrong answer to call ${id}: ${response.statusCode} ${answer}`);
  }

  return {
    /** Calls for about `durationMs`. */
    async run(durationMs: number): Promise<Round> {
      const latenciesMs: number[] = [];
      const startedMs = performance.now();
      const endMs = startedMs + durationMs;
      const work = async () => {
        for (let nowMs = performance.now(); nowMs < endMs; ) {
          await call();
          const laterMs = performance.now();
          latenciesMs.push(laterMs - nowMs);
          nowMs = laterMs;
        }
      };
      await Promise.all(Array.from({ length: inFlight }, work));
      const tookMs = performance.now() - startedMs;
      const sorted = latenciesMs.toSorted((a, b) => a - b);
      return { calls: sorted.length, tookMs, latenciesMs: sorted };
    },
    close: () => pool.close(),
  };
}

/** Slow calls are answered as a stream of events, whose last one holds the reply. */
function messageIn(answer: string): string {
  const last = answer.lastIndexOf('\ndata: ');
  return answer.startsWith('{') || last < 0 ? answer : answer.slice(last + 7);
}

async function openSession(pool: Pool, path: string, era: Era): Promise<Record<string, string>> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  if (era === 'modern')
    return {
      ...headers,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'echo',
    };
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1.0.0' },
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params });
  const response = await pool.request({ path, method: 'POST', headers, body });
  await response.body.dump();
  const session = response.headers['mcp-session-id'];
  const opened = {
    ...headers,
    'mcp-protocol-version': '2025-11-25',
    ...(typeof session === 'string' ? { 'mcp-session-id': session } : {}),
  };
  const note = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
  const noted = await pool.request({ path, method: 'POST', headers: opened, body: note });
  await noted.body.dump();
  return opened;
}
