import type { Reply } from './stdio-server.ts';

/** A reply as it was written, and read. */
export interface RawReply {
  readonly status: number;
  readonly text: string;
  readonly message: Reply;
}

/** A client that writes and reads JSON as text, so that a test can compare what no parser keeps. */
export interface RawClient {
  ask(method: string, params: object, id?: number | string): Promise<RawReply>;
  /** The same with params as JSON text; the envelope of the stateless era is added to it. */
  askText(method: string, params: string, id?: number | string): Promise<RawReply>;
}

const answerTimeoutMs = 60_000;
const version = { legacy: '2025-11-25', modern: '2026-07-28' } as const;
const envelope = {
  'io.modelcontextprotocol/protocolVersion': version.modern,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1.0.0' },
};

/** Opens a session where the era has them. */
export async function rawClient(
  origin: string,
  path: string,
  era: 'legacy' | 'modern',
): Promise<RawClient> {
  const url = `${origin}${path}`;
  let nextId = 1;
  const opened: Record<string, string> = { 'mcp-protocol-version': version[era] };
  const askText: RawClient['askText'] = (method, params, id = nextId++) => {
    const given = JSON.parse(params) as { readonly name?: string; readonly uri?: string };
    const name = given.name ?? given.uri;
    const headers =
      era === 'legacy'
        ? opened
        : { ...opened, 'mcp-method': method, ...(name === undefined ? {} : { 'mcp-name': name }) };
    const whole = era === 'legacy' ? params : withEnvelope(params);
    const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":${JSON.stringify(method)}`;
    return send(url, headers, `${head},"params":${whole}}`);
  };
  if (era === 'legacy') {
    const params = {
      protocolVersion: version.legacy,
      capabilities: {},
      clientInfo: { name: 'raw', version: '1.0.0' },
    };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 'open', method: 'initialize', params });
    const reply = await send(url, {}, body);
    opened['mcp-session-id'] = reply.headers.get('mcp-session-id') ?? '';
    await send(url, opened, '{"jsonrpc":"2.0","method":"notifications/initialized"}');
  }
  return { askText, ask: (method, params, id) => askText(method, JSON.stringify(params), id) };
}

function withEnvelope(params: string): string {
  const inner = JSON.stringify(envelope).slice(1, -1);
  const at = params.lastIndexOf('"_meta":{');
  if (at >= 0) {
    const from = at + '"_meta":{'.length;
    const comma = params[from] === '}' ? '' : ',';
    return `${params.slice(0, from)}${inner}${comma}${params.slice(from)}`;
  }
  return `${params.slice(0, -1)}${params === '{}' ? '' : ','}"_meta":{${inner}}}`;
}

async function send(url: string, headers: Readonly<Record<string, string>>, body: string) {
  const accept = 'application/json, text/event-stream';
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...headers },
    body,
    signal: AbortSignal.timeout(answerTimeoutMs),
  });
  const text = await response.text();
  const isStream = response.headers.get('content-type')?.includes('event-stream') === true;
  const last = isStream ? (/(?:^|\n)data: (.*)\n+$/.exec(text)?.[1] ?? '') : text;
  const message = last === '' ? {} : (JSON.parse(last) as Reply);
  return { status: response.status, headers: response.headers, text: last, message };
}
