/**
 * The client that the suite tests: it makes a running Ringmaster take the suite's server into its fleet, and uses that
 * through the gateway. What the suite sees is Ringmaster's own way of speaking to servers.
 * `node client.js DAEMON_ORIGIN SERVER_URL`, with the variables of the suite.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { browse } from '../support/browse.ts';
import { waitCalmly } from '../support/wait.ts';

/** Servers of the suite that answer neither `server/discover` nor `initialize`; somebody has to say what they are. */
const withoutOpening = new Set([
  'sep-2322-client-request-state',
  'http-standard-headers',
  'http-custom-headers',
  'http-invalid-tool-headers',
]);
/** A person who follows every request to sign in; servers that ask without end must not get far with it. */
const signInsMax = 6;
const discovered = {
  resultType: 'complete',
  supportedVersions: ['2026-07-28'],
  capabilities: { tools: {}, resources: {}, prompts: {} },
  ttlMs: 0,
  cacheScope: 'private',
  _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'suite', version: '1.0.0' } },
};

const [origin = '', serverUrl = ''] = process.argv.slice(2);
const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? '';
const revision = process.env['MCP_CONFORMANCE_PROTOCOL_VERSION'] ?? '';
const context = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as Context;
const name = `${scenario.replaceAll(/[^a-z0-9]+/g, '-')}-${revision.replaceAll('-', '')}`;

/** What a scenario tells its client. */
export interface Context {
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly private_key_pem?: string;
  readonly signing_algorithm?: string;
  readonly toolCalls?: readonly {
    readonly name: string;
    readonly arguments: Readonly<Record<string, unknown>>;
  }[];
}

const url = withoutOpening.has(scenario) ? await withOpening(serverUrl) : serverUrl;
await api('/servers/add', { server: name, entry: { url, auth: authOf(context) } });
try {
  for (let signIns = 0; signIns < signInsMax; signIns += 1) {
    if ((await settled()) === 'ready') {
      await use();
      if ((await row()).signIn?.why === undefined) break;
    }
    const { url: page } = await api<{ url: string }>(`/servers/${name}/login`, {});
    const { status, text } = await browse(page);
    if (status !== 200) throw new Error(text);
  }
} finally {
  process.stderr.write(`${JSON.stringify(await api(`/servers/${name}`))}\n`);
  await api('/servers/remove', { servers: [name] });
}
process.exit(0);

/** Scenarios about signing in only want to be called; the SDKs would take longer to load than all the rest. */
async function use(): Promise<void> {
  if (!scenario.startsWith('auth/')) {
    const { useServer } = await import('./client-use.ts');
    return useServer({ url: `${origin}/servers/${name}/mcp`, revision, context });
  }
  const { tools } = await api<{ tools: { name: string }[] }>(`/tools?server=${name}`);
  for (const { name: tool } of tools) {
    // Some of these are refused until somebody signs in once more.
    await api('/tools/call', { server: name, tool, arguments: {} }).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
    });
  }
}

/** Resolves when the server is ready, or waits for a person to sign in. */
async function settled(): Promise<'ready' | 'signIn'> {
  return waitCalmly(`${name} to be ready`, async () => {
    const { state, signIn } = await row();
    if (state === 'ready') return 'ready';
    return state === 'waiting' && signIn?.state === 'needed' ? 'signIn' : undefined;
  });
}

function row() {
  return api<{ state: string; signIn?: { state: string; why?: string } }>(`/servers/${name}`);
}

/** What the fleet file would say of signing in. */
function authOf(given: Context): object {
  if (!scenario.startsWith('auth/')) return {};
  const clientMetadataUrl = 'https://conformance-test.local/client-metadata.json';
  if (given.client_id === undefined) return { clientMetadataUrl };
  const client = { clientId: given.client_id };
  const secret = given.client_secret === undefined ? {} : { clientSecret: given.client_secret };
  const grant = /client-credentials/.test(scenario) ? { grant: 'client_credentials' } : {};
  if (given.private_key_pem === undefined) return { ...client, ...secret, ...grant };
  const privateKeyFile = join(mkdtempSync(join(tmpdir(), 'ringmaster-key-')), 'key.pem');
  writeFileSync(privateKeyFile, given.private_key_pem, { mode: 0o600 });
  process.on('exit', () => rmSync(dirname(privateKeyFile), { recursive: true }));
  return { ...client, ...grant, privateKeyFile, signingAlgorithm: given.signing_algorithm };
}

async function api<T>(path: string, body?: object): Promise<T> {
  const asked = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const init = body === undefined ? {} : { ...asked, body: JSON.stringify(body) };
  const response = await fetch(`${origin}/api${path}`, init);
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** A relay before the suite's server that answers `server/discover` in its place and changes nothing else. */
async function withOpening(target: string): Promise<string> {
  const relay = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const message = body === '' ? {} : (JSON.parse(body) as { id?: unknown; method?: string });
    if (message.method === 'server/discover') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, result: discovered }));
      return;
    }
    const { host: _host, connection: _connection, ...headers } = request.headers;
    const answer = await fetch(target, {
      method: request.method ?? 'POST',
      headers: headers as Record<string, string>,
      ...(body === '' ? {} : { body }),
    });
    const type = answer.headers.get('content-type');
    response.writeHead(answer.status, type === null ? {} : { 'content-type': type });
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const { port } = relay.address() as { port: number };
  return `http://127.0.0.1:${port}${new URL(target).pathname}`;
}
