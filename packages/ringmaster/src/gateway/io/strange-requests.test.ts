import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { closeHarnesses, type Harness, startHarness, testServer } from './testing/harness.ts';
import { askModern, openSession, type SessionClient, send } from './testing/raw-client.ts';

let harness: Harness;
let client: SessionClient;

before(async () => {
  harness = await startHarness({
    servers: {
      echo: testServer('echo'),
      exact: testServer('exact'),
      both: testServer('exact', '--modern'),
      twice: testServer('twice'),
    },
  });
  client = await openSession(harness.url);
});
after(closeHarnesses);

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

for (const [type, status] of [
  ['application/json; charset=utf-8', 200],
  ['Application/JSON', 200],
  ['application/json ;charset=utf-8', 200],
  ['application/jsonx', 415],
  ['application/json, text/plain', 415],
  ['text/plain', 415],
] as const) {
  test(`a body of type "${type}" is answered ${status}`, async () => {
    const headers = { ...client.headers, 'content-type': type };
    assert.equal((await send(harness.url, { body: ping, headers })).status, status);
  });
}

test('a client says in letters of any size that it reads streams', async () => {
  // What takes long is answered on a stream.
  const params = { name: 'slow', arguments: { ms: 300 } };
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params };
  const headers = { ...client.headers, accept: 'Application/JSON, Text/Event-Stream' };
  const answer = await send(harness.url, { body, headers });
  assert.equal(answer.headers['content-type'], 'text/event-stream');
});

test('a compressed body is refused for what it is', async () => {
  const headers = { ...client.headers, 'content-encoding': 'gzip' };
  const answer = await send(harness.url, { body: ping, headers });
  assert.deepEqual([answer.status, answer.headers['accept-encoding']], [415, 'identity']);
  assert.match(answer.messages[0].error.message, /Content-Encoding/);
});

for (const [title, lines, status] of [
  ['a second Host', ['Host: evil.example'], 403],
  ['a second Content-Type', ['Content-Type: text/plain'], 415],
] as const) {
  test(`${title} does not hide behind the first`, async () => {
    assert.match(await sendLines(lines), new RegExp(`^HTTP/1.1 ${status} `));
  });
}

for (const [title, body, code] of [
  ['an id beyond 2^53', '{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}', -32600],
  ['a method that is no text', { ...ping, method: 5 }, -32600],
  ['neither method nor reply', { jsonrpc: '2.0', id: 1 }, -32600],
] as const) {
  test(`${title} is refused instead of being left without an answer`, async () => {
    const answer = await send(harness.url, { body, headers: client.headers });
    assert.deepEqual([answer.status, answer.messages[0].error.code], [400, code]);
  });
}

test('bytes that are not UTF-8 are refused, not put right', async () => {
  const [before, after] = JSON.stringify({
    ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
    params: { name: 'echo', arguments: { text: 'HERE' } },
  }).split('HERE');
  for (const [bytes, status] of [
    [[0xff, 0xfe], 400],
    [[0xef, 0xbf, 0xbd], 200],
  ] as const) {
    const body = Buffer.concat([
      Buffer.from(before ?? ''),
      Buffer.from(bytes),
      Buffer.from(after ?? ''),
    ]);
    const answer = await fetch(harness.url, {
      method: 'POST',
      headers: { ...client.headers, 'content-type': 'application/json' },
      body,
    });
    assert.equal(answer.status, status);
    await answer.text();
  }
});

const stateless = {
  headers: {
    ...{ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call' },
    'mcp-name': 'both__same',
  },
  meta: {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  },
};

for (const [title, name, era] of [
  ['a server of its era', 'same', 'session'],
  ['a server of the other era', 'both__same', 'session'],
  ['a server, from a stateless client,', 'both__same', 'stateless'],
] as const) {
  test(`numbers beyond 2^53 reach ${title} and come back as they are`, async () => {
    const args = '{"n":12345678901234567890,"m":0.30000000000000000001}';
    const meta = JSON.stringify(era === 'session' ? {} : stateless.meta);
    const params = `{"name":"${name}","arguments":${args},"_meta":${meta}}`;
    const { text } = await send(harness.url, {
      body: `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`,
      headers: era === 'session' ? client.headers : stateless.headers,
    });
    assert.ok(text.includes(`"structuredContent":${args}`), text);
  });
}

/** An initialize with more header lines, as no HTTP library would send them. */
function sendLines(lines: readonly string[]): Promise<string> {
  const body = JSON.stringify({ ...ping, method: 'initialize' });
  const head = [
    'POST /mcp HTTP/1.1',
    `Host: 127.0.0.1:${harness.port}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
    ...lines,
  ];
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect(harness.port, '127.0.0.1', () => {
      socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    });
    socket.on('data', (chunk) => {
      said += chunk.toString();
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(said));
  });
}

for (const [title, params] of [
  ['a name twice', '{"name":"echo__echo","name":"echo","arguments":{"text":"x"}}'],
  ['arguments with a key twice', '{"name":"echo","arguments":{"text":"x","text":"y"}}'],
  ['a name in other letters too', '{"name":"echo","Name":"add","arguments":{"text":"x"}}'],
] as const) {
  test(`${title}: refused, and no server hears of it`, async () => {
    const finished = () => harness.events.filter(({ kind }) => kind === 'call.finished').length;
    const before = finished();
    const body = `{"jsonrpc":"2.0","id":5,"method":"tools/call","params":${params}}`;
    const answer = await send(harness.url, { body, headers: client.headers });
    assert.equal(answer.status, 400);
    assert.equal(answer.messages[0].id, 5);
    assert.equal(answer.messages[0].error.code, -32600);
    assert.match(answer.text, /stands twice|in other letters/);
    assert.equal(finished(), before);
  });
}

test('of a result with a key twice clients get the one that was looked at, in both eras', async () => {
  const call = { name: 'tell', arguments: {} };
  const body = { jsonrpc: '2.0', id: 6, method: 'tools/call', params: call };
  const legacy = await send(harness.url, { body, headers: client.headers });
  const modern = await askModern(harness.url, 'tools/call', call);
  for (const { text, messages } of [legacy, modern]) {
    assert.equal(messages[0].result.content[0].text, 'seen');
    assert.doesNotMatch(text, /hidden/);
  }
});
