import assert from 'node:assert/strict';
import { createConnection } from 'node:net';
import { after, before, test } from 'node:test';
import { closeHarnesses, type Harness, startHarness, testServer } from './testing/harness.ts';
import { askModern } from './testing/raw-client.ts';

let harness: Harness;

before(async () => {
  harness = await startHarness({
    servers: { old: testServer('marked'), new: testServer('marked', '--modern') },
  });
});
after(closeHarnesses);

const marked = { 'mcp-param-region': 'eu', 'mcp-param-floor': '3' };

for (const [title, headers, args, status, code] of [
  ['all repeated', marked, { region: 'eu', floor: 3 }, 200, undefined],
  ['nothing to repeat', {}, { other: 'x' }, 200, undefined],
  ['null, which has no header', {}, { region: null }, 200, undefined],
  ['base64', { 'mcp-param-region': '=?base64?ZXU=?=' }, { region: 'eu' }, 200, undefined],
  ['a number in other digits', { 'mcp-param-floor': '3.0' }, { floor: 3 }, 200, undefined],
  ['a header left out', {}, { region: 'eu' }, 400, -32020],
  ['another value', { 'mcp-param-region': 'us' }, { region: 'eu' }, 400, -32020],
  ['base64 that is none', { 'mcp-param-region': '=?base64?ZXU?=' }, { region: 'eu' }, 400, -32020],
  [
    'a message carried from stdio',
    { 'ringmaster-carried': 'stdio' },
    { region: 'eu' },
    200,
    undefined,
  ],
  ['a header nobody marked', { 'mcp-param-other': 'x' }, {}, 200, undefined],
] as const) {
  for (const name of ['old', 'new']) {
    test(`a call of a marked tool of an ${name} server with ${title}: ${status}`, async () => {
      const params = { name: `${name}__where`, arguments: args };
      const answer = await askModern(harness.url, 'tools/call', params, { headers });
      assert.deepEqual([answer.status, answer.messages[0].error?.code], [status, code]);
    });
  }
}

test('a header that comes twice equals nothing, even where both are right', async () => {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const params = { name: 'old__where', arguments: {}, _meta: meta };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  const head = [
    'POST /mcp HTTP/1.1',
    `Host: 127.0.0.1:${harness.port}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'MCP-Protocol-Version: 2026-07-28',
    'Mcp-Method: tools/call',
    'Mcp-Name: old__where',
    'Mcp-Name: old__where',
  ];
  const socket = createConnection(harness.port, '127.0.0.1');
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += chunk;
  assert.match(text, /^HTTP\/1\.1 400 /);
  assert.match(text, /"code":-32020,"message":"The Mcp-Name header differs from the body"/);
});

test('a level nobody knows in the envelope is refused', async () => {
  const meta = { 'io.modelcontextprotocol/logLevel': 'loud' };
  const { status, messages } = await askModern(harness.url, 'tools/list', {}, { meta });
  assert.deepEqual([status, messages[0].error.code], [400, -32602]);
});
