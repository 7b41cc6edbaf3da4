import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Era, paramsForServer, replyForClient } from './bridge.ts';
import type { JsonObject, Reply } from './messages.ts';
import { metaKeys, modernVersion } from './protocol.ts';

const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
const identity = { name: 'ringmaster', version: '1' };
const serverInfo = { name: 'us', version: '2' };
const envelope = {
  [metaKeys.protocolVersion]: modernVersion,
  [metaKeys.clientInfo]: { name: 'client', version: '9' },
  [metaKeys.clientCapabilities]: { sampling: {} },
};
const ourEnvelope = {
  [metaKeys.protocolVersion]: modernVersion,
  [metaKeys.clientInfo]: identity,
  [metaKeys.clientCapabilities]: {},
};

function toServer(params: JsonObject, era: Era, progressToken?: number): JsonObject {
  const protocolVersion = era === 'modern' ? modernVersion : '2025-11-25';
  return paramsForServer(params, {
    ...{ method: 'tools/call', era, protocolVersion, identity, capabilities: () => ({}) },
    progressToken,
    ...{ logLevel: undefined, trace: { isTrusted: true, start: undefined } },
  });
}

for (const row of [
  {
    title: 'missing arguments become {}',
    given: { name: 'x' },
    legacy: { name: 'x', arguments: {} },
  },
  {
    title: 'a wish for a task is passed on, to servers that make some',
    given: { name: 'x', arguments: { a: 1 }, task: { ttl: 1_000 } },
    legacy: { name: 'x', arguments: { a: 1 }, task: { ttl: 1_000 } },
  },
  {
    title: 'fields nobody knows are kept',
    given: { name: 'x', arguments: { a: null }, future: [1] },
    legacy: { name: 'x', arguments: { a: null }, future: [1] },
  },
  {
    title: "the client's envelope stays here, its trace goes on",
    given: { name: 'x', arguments: {}, _meta: { ...envelope, traceparent } },
    legacy: { name: 'x', arguments: {}, _meta: { traceparent } },
  },
  {
    title: 'an envelope alone leaves no _meta behind',
    given: { name: 'x', arguments: {}, _meta: envelope },
    legacy: { name: 'x', arguments: {} },
  },
]) {
  test(`to a server: ${row.title}`, () => {
    assert.deepEqual(toServer(row.given, 'legacy'), row.legacy);
    const meta = (row.legacy as { _meta?: JsonObject })._meta ?? {};
    assert.deepEqual(toServer(row.given, 'modern'), {
      ...row.legacy,
      _meta: { ...meta, ...ourEnvelope },
    });
  });
}

test('to a server: the progress token is ours', () => {
  const given = { name: 'x', arguments: {}, _meta: { progressToken: 'theirs' } };
  assert.deepEqual(toServer(given, 'legacy', 7)['_meta'], { progressToken: 7 });
  assert.equal('_meta' in toServer(given, 'legacy'), false);
});

function toClient(reply: Reply, clientEra: Era, serverEra: Era, method = 'tools/call'): Reply {
  const how = { method, server: 's', clientEra, serverEra, serverInfo };
  return replyForClient(reply, { ...how, renamedUris: undefined });
}

const plain: Reply = { kind: 'result', result: { content: [], _meta: { mine: 1 } } };

test('to a client of the same old era: the very same result', () => {
  assert.equal(toClient(plain, 'legacy', 'legacy'), plain);
});

test('to a modern client: kind and server are added, cache hints only where they are due', () => {
  const meta = { mine: 1, [metaKeys.serverInfo]: serverInfo };
  assert.deepEqual(toClient(plain, 'modern', 'legacy'), {
    kind: 'result',
    result: { resultType: 'complete', content: [], _meta: meta },
  });
  const read = toClient(plain, 'modern', 'legacy', 'resources/read');
  assert.ok(read.kind === 'result');
  assert.deepEqual([read.result['ttlMs'], read.result['cacheScope']], [0, 'private']);
});

test("to a modern client: a modern server's own hints are kept", () => {
  const result = { resultType: 'complete', contents: [], ttlMs: 9, cacheScope: 'public' };
  const read = toClient({ kind: 'result', result }, 'modern', 'modern', 'resources/read');
  assert.ok(read.kind === 'result');
  assert.deepEqual([read.result['ttlMs'], read.result['cacheScope']], [9, 'public']);
});

test('to an old client: what only the modern era knows is taken away', () => {
  const result = {
    ...{ resultType: 'complete', ttlMs: 1, cacheScope: 'public', contents: [] },
    _meta: { [metaKeys.serverInfo]: {}, kept: true },
  };
  assert.deepEqual(toClient({ kind: 'result', result }, 'legacy', 'modern'), {
    kind: 'result',
    result: { contents: [], _meta: { kept: true } },
  });
});

for (const row of [
  { code: -32002, client: 'modern', server: 'legacy', method: 'resources/read', becomes: -32602 },
  { code: -32602, client: 'legacy', server: 'modern', method: 'resources/read', becomes: -32002 },
  { code: -32602, client: 'legacy', server: 'legacy', method: 'resources/read', becomes: -32602 },
  { code: -32602, client: 'legacy', server: 'modern', method: 'tools/call', becomes: -32602 },
  { code: -32020, client: 'modern', server: 'modern', method: 'tools/call', becomes: -32603 },
  { code: -32042, client: 'legacy', server: 'legacy', method: 'tools/call', becomes: -32042 },
  { code: 17, client: 'modern', server: 'legacy', method: 'tools/call', becomes: 17 },
] as const) {
  const { code, client, server, method, becomes } = row;
  test(`error ${code} of a ${server} server's ${method} is ${becomes} for a ${client} client`, () => {
    const error = { code, message: 'm', data: { d: 1 } };
    const reply = toClient({ kind: 'error', error }, client, server, method);
    assert.ok(reply.kind === 'error');
    assert.equal(reply.error.code, becomes);
  });
}

test('a kind of result nobody declared ends a tool call with a sentence, not with an unknown shape', () => {
  const asked: Reply = { kind: 'result', result: { resultType: 'new/kind' } };
  const reply = toClient(asked, 'legacy', 'modern');
  assert.ok(reply.kind === 'result');
  assert.equal(reply.result['isError'], true);
  assert.equal(toClient(asked, 'modern', 'modern', 'prompts/get').kind, 'error');
});

test('renamed URIs are renamed in contents and links, never in structured content', () => {
  const result = {
    contents: [{ uri: 'a://1' }, { uri: 'a://2' }],
    content: [{ type: 'resource', resource: { uri: 'a://1' } }],
    structuredContent: { uri: 'a://1' },
  };
  const renamedUris = new Map([['a://1', 's+a://1']]);
  const reply = replyForClient(
    { kind: 'result', result },
    {
      ...{ method: 'resources/read', server: 's', clientEra: 'legacy', serverEra: 'legacy' },
      ...{ serverInfo, renamedUris },
    },
  );
  assert.deepEqual(reply, {
    kind: 'result',
    result: {
      contents: [{ uri: 's+a://1' }, { uri: 'a://2' }],
      content: [{ type: 'resource', resource: { uri: 's+a://1' } }],
      structuredContent: { uri: 'a://1' },
    },
  });
});
