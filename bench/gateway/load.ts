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
  readonly result?: {
    readonly content?: readonly { readonly text?: string }[];
    readonly tools?: readonly unknown[];
  };
}

const modernMeta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** What is asked again and again. */
export interface Asked {
  /** Characters of the text that a call has echoed. */
  readonly textLength?: number;
  /** Lists tools instead of calling one, and expects so many. */
  readonly toolCount?: number;
}

/** Where ids of lists begin: all have as many digits, so that answers differ in those only. */
const firstListId = 1_000_000;

/**
 * A client on keep-alive connections that keeps `inFlight` calls going and checks every answer. Of lists the first is
 * read; the others must be the same bytes around their ids, as reading them all would measure the client.
 */
export async function createLoad(url: string, era: Era, inFlight: number, asked: Asked = {}) {
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, { connections: inFlight, pipelining: 1 });
  const method = asked.toolCount === undefined ? 'tools/call' : 'tools/list';
  const headers = await openSession(pool, path, { era, method });
  const padding = 'x'.repeat(asked.textLength ?? 0);
  let nextId = firstListId;
  let firstList: { readonly bytes: Buffer; readonly idAt: number } | undefined;

  async function call(): Promise<void> {
    const id = nextId++;
    if (asked.toolCount !== undefined) return list(id, asked.toolCount);
    const text = `call ${id} of ${era}${padding}`;
    const meta = era === 'modern' ? { _meta: modernMeta } : {};
    const params = { name: 'echo', arguments: { text }, ...meta };
    const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params });
    const { reply, answer } = await post(body);
    if (reply.id !== id || reply.result?.content?.[0]?.text !== text)
      throw new Error(`A wrong answer to call ${id}: ${answer.slice(0, 500)}`);
  }

  async function list(id: number, toolCount: number): Promise<void> {
    const params = era === 'modern' ? { params: { _meta: modernMeta } } : {};
    const body = JSON.stringify({ jsonrpc: '2.0', id, method, ...params });
    const response = await pool.request({ path, method: 'POST', headers, body });
    const bytes = Buffer.from(await response.body.arrayBuffer());
    const idAt = bytes.indexOf(`"id":${id},`);
    const endAt = idAt + `"id":${id},`.length;
    const isSame =
      firstList !== undefined &&
      firstList.idAt === idAt &&
      firstList.bytes.length === bytes.length &&
      firstList.bytes.compare(bytes, 0, idAt, 0, idAt) === 0 &&
      firstList.bytes.compare(bytes, endAt, bytes.length, endAt) === 0;
    if (idAt >= 0 && isSame) return;
    const reply = JSON.parse(bytes.toString()) as Reply;
    if (firstList !== undefined || reply.id !== id || reply.result?.tools?.length !== toolCount)
      throw new Error(`A wrong list in answer ${id}: ${bytes.toString().slice(0, 500)}`);
    firstList = { bytes, idAt };
  }

  async function post(body: string): Promise<{ readonly reply: Reply; readonly answer: string }> {
    const response = await pool.request({ path, method: 'POST', headers, body });
    const answer = await response.body.text();
    return { reply: JSON.parse(messageIn(answer)) as Reply, answer };
  }

  return {
    /** Calls for about `durationMs`. */
    async run(durationMs: number): Promise<Round> {
      // The list that all others are compared with.
      if (asked.toolCount !== undefined && firstList === undefined) await call();
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

/** The last message of an answer, whether it came as JSON or as an event stream. */
function messageIn(answer: string): string {
  if (answer.startsWith('{')) return answer;
  const at = answer.lastIndexOf('data: {');
  return at < 0 ? '{}' : answer.slice(at + 'data: '.length).trimEnd();
}

async function openSession(
  pool: Pool,
  path: string,
  { era, method }: { readonly era: Era; readonly method: string },
): Promise<Record<string, string>> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  if (era === 'modern')
    return {
      ...headers,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(method === 'tools/call' ? { 'mcp-name': 'echo' } : {}),
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
