import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { createHome, type Daemon, entry } from '../support/home.ts';
import { withExactNumbers } from '../support/json-text.ts';
import { type RawClient, rawClient } from '../support/raw-client.ts';
import { type StdioServer, startServer } from '../support/stdio-server.ts';

type Json = Readonly<Record<string, unknown>>;

const require = createRequire(import.meta.url);
const official = require.resolve('@modelcontextprotocol/server-everything/package.json');
const officialMain = join(official, '../dist/index.js');
const eras = ['legacy', 'modern'] as const;

const home = createHome({
  servers: {
    // Shared, so that nothing is declared to it: what it offers depends on what its client can be asked.
    official: {
      command: process.execPath,
      args: [officialMain, 'stdio'],
      pool: { mode: 'shared' },
    },
    legacy: entry('mirror'),
    modern: entry('mirror', ['--modern']),
  },
});
let daemon: Daemon;

before(async () => {
  daemon = await home.up();
});
after(() => home[Symbol.asyncDispose]());

/** What the rules of the stateless era add to a result (2026-07-28: results, caching, identity). */
function withoutEraFields(result: Json): Json {
  const { resultType: _type, ttlMs: _ttl, cacheScope: _scope, _meta: meta, ...rest } = result;
  const { 'io.modelcontextprotocol/serverInfo': _info, ...kept } = (meta ?? {}) as Json;
  return Object.keys(kept).length === 0 ? rest : { ...rest, _meta: kept };
}

/** The official server without anything in between. */
async function openDirect(): Promise<StdioServer> {
  const direct = startServer(officialMain, ['stdio']);
  await direct.request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'direct', version: '1.0.0' },
  });
  direct.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return direct;
}

const asked: readonly (readonly [method: string, params: Json])[] = [
  ['tools/list', {}],
  ['prompts/list', {}],
  ['resources/list', {}],
  ['resources/templates/list', {}],
  ['tools/call', { name: 'echo', arguments: { message: 'hello \u{1f30d}' } }],
  ['tools/call', { name: 'echo', arguments: {} }],
  ['tools/call', { name: 'get-sum', arguments: { a: 1.5, b: -2 } }],
  ['tools/call', { name: 'get-structured-content', arguments: { location: 'Chicago' } }],
  ['tools/call', { name: 'get-annotated-message', arguments: { messageType: 'error' } }],
  ['tools/call', { name: 'get-tiny-image', arguments: {} }],
  ['tools/call', { name: 'get-resource-links', arguments: { count: 3 } }],
  ['tools/call', { name: 'nothing-of-this-name', arguments: {} }],
  ['prompts/get', { name: 'simple-prompt' }],
  ['prompts/get', { name: 'args-prompt', arguments: { city: 'Kyoto', state: 'Kyoto' } }],
  ['prompts/get', { name: 'nothing-of-this-name' }],
  [
    'completion/complete',
    {
      ref: { type: 'ref/prompt', name: 'completable-prompt' },
      argument: { name: 'department', value: 'E' },
    },
  ],
];

test('a client of the handshake era gets the very bytes the official server sends', async () => {
  await using direct = await openDirect();
  const client = await rawClient(daemon.origin, '/servers/official/mcp', 'legacy');
  let differing = 0;
  for (const [method, params] of asked) {
    const reply = await direct.request(method, params);
    const line = direct.lines.find((one) => one.includes(`"id":${reply.id}`)) ?? '';
    const through = await client.ask(method, params, reply.id);
    if (method.endsWith('/list')) {
      assert.equal(JSON.stringify(through.message.result), JSON.stringify(reply.result), method);
      differing += through.text === line ? 0 : 1;
    } else assert.equal(through.text, line, `${method} ${JSON.stringify(params)}`);
  }
  // Lists are put together by the gateway: the same definitions to the byte, in an envelope of its own.
  assert.ok(differing <= 4);
});

test('a client of the stateless era gets what the official server sends, and the fields of its era', async () => {
  await using direct = await openDirect();
  const client = await rawClient(daemon.origin, '/servers/official/mcp', 'modern');
  for (const [method, params] of asked) {
    const reply = await direct.request(method, params);
    const { result, error } = (await client.ask(method, params)).message;
    assert.deepEqual(error, reply.error, method);
    if (reply.result === undefined) continue;
    assert.equal(result?.['resultType'], 'complete');
    assert.equal(JSON.stringify(withoutEraFields(result ?? {})), JSON.stringify(reply.result));
  }
});

/** Texts that JSON can hold: every kind of letter, and numbers no double can hold. */
const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.bigInt(-(10n ** 40n), 10n ** 40n).map(String),
  fc.tuple(fc.bigInt(1n, 10n ** 20n), fc.bigInt(0n, 10n ** 20n)).map(([a, b]) => `${a}.${b}`),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -400, max: 400 }))
    .map(([digit, power]) => `${digit}e${power}`),
);
const word = fc.string({ unit: 'binary', maxLength: 12 });
const { value } = fc.letrec<{ value: string; list: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: 'small' },
    fc.constantFrom('null', 'true', 'false', '""', '{}', '[]'),
    number,
    word.map((text) => JSON.stringify(text)),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 5 }).map((items) => `[${items.join(',')}]`),
  object: fc
    .uniqueArray(fc.tuple(word, tie('value')), { maxLength: 5, selector: ([key]) => key })
    .map(objectText),
}));
const members = fc
  .uniqueArray(fc.tuple(word, value), { maxLength: 4, selector: ([key]) => key })
  .map((all) => all.filter(([key]) => !reserved.has(key)));
const reserved = new Set(['content', 'structuredContent', '_meta', 'resultType', 'isError']);

function objectText(all: readonly (readonly [string, string])[]): string {
  return `{${all.map(([key, one]) => `${JSON.stringify(key)}:${one}`).join(',')}}`;
}

const combinations = eras.flatMap((client) => eras.map((server) => ({ client, server })));
const clients = new Map<string, Promise<RawClient>>();

function open(client: 'legacy' | 'modern', server: string): Promise<RawClient> {
  const key = `${client} ${server}`;
  const known = clients.get(key) ?? rawClient(daemon.origin, `/servers/${server}/mcp`, client);
  clients.set(key, known);
  return known;
}

for (const { client: era, server } of combinations) {
  test(`whatever a ${server} server says reaches a ${era} client: unknown fields, every number, every letter`, async () => {
    const client = await open(era, server);
    const property = fc.asyncProperty(members, members, members, async (more, data, meta) => {
      const known = [
        ...(server === 'modern' ? [['resultType', '"complete"'] as const] : []),
        ['content', '[]'] as const,
        ['structuredContent', objectText(data)] as const,
        ['_meta', objectText(meta)] as const,
      ];
      const said = objectText([...known, ...more]);
      const { text } = await client.ask('tools/call', { name: 'say', arguments: { text: said } });
      const came = (withExactNumbers(text) as { result: Json }).result;
      const expected = withExactNumbers(said) as Json;
      assert.deepEqual(withoutEraFields(came), withoutEraFields(expected));
    });
    await fc.assert(property, { numRuns: 60 });
  });

  test(`whatever a ${era} client asks reaches a ${server} server: unknown fields, every number, every letter`, async () => {
    const client = await open(era, server);
    const property = fc.asyncProperty(members, members, members, async (args, more, meta) => {
      const sent = objectText([
        ['name', '"heard"'],
        ['arguments', objectText(args)],
        ...more.filter(([key]) => key !== 'name' && key !== 'arguments'),
        ...(meta.length === 0 ? [] : [['_meta', objectText(meta)] as const]),
      ]);
      const { message } = await client.askText('tools/call', sent);
      const content = message.result?.['content'] as readonly { readonly text: string }[];
      const { params } = withExactNumbers(content[0]?.text ?? '') as { readonly params: Json };
      assert.deepEqual(withoutEnvelope(params), withExactNumbers(sent));
    });
    await fc.assert(property, { numRuns: 60 });
  });
}

test('what is nested five hundred levels deep, and a key that is special to JavaScript, come through', async () => {
  const deep = `${'['.repeat(500)}1${']'.repeat(500)}`;
  const said = `{"resultType":"complete","content":[],"structuredContent":{"__proto__":{"a":1},"constructor":${deep}}}`;
  for (const { client: era, server } of combinations) {
    const client = await open(era, server);
    const { text } = await client.ask('tools/call', { name: 'say', arguments: { text: said } });
    const part = '"structuredContent":{"__proto__":{"a":1},"constructor":[';
    assert.ok(text.includes(part) && text.includes(deep), `${era} client, ${server} server`);
  }
});

/** Without the envelope of the stateless era, and the trace that is begun where the client has none. */
function withoutEnvelope(params: Json): Json {
  const { _meta: meta, ...rest } = params;
  const kept = Object.entries((meta ?? {}) as Json).filter(
    ([key]) => !key.startsWith('io.modelcontextprotocol/') && key !== 'traceparent',
  );
  return kept.length === 0 ? rest : { ...rest, _meta: Object.fromEntries(kept) };
}
