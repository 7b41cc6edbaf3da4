import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { afterEach, test } from 'node:test';
import { connectStdio } from './legs/stdio-client.ts';
import { closeHarnesses, startHarness, testServer } from './testing/harness.ts';
import { type Message, openSession, until } from './testing/raw-client.ts';

afterEach(closeHarnesses);

/** A stdio client in this process: what it writes, and what it is answered. */
function startClient(url: string) {
  const input = new PassThrough();
  const output = new PassThrough();
  const heard: Message[] = [];
  let rest = '';
  output.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    heard.push(...lines.map((line) => JSON.parse(line)));
  });
  const done = connectStdio({ url, input, output });
  const reply = async (id: unknown): Promise<Message> => {
    await until(`there is a reply to ${id}`, () => heard.some((one) => one.id === id));
    return heard.find((one) => one.id === id);
  };
  return {
    heard,
    done,
    input,
    write: (message: Message) => input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`),
    reply,
    async hello() {
      const clientInfo = { name: 'stdio', version: '1' };
      const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
      this.write({ id: 'hello', method: 'initialize', params });
      this.write({ method: 'notifications/initialized' });
      return reply('hello');
    },
    call(id: string | number, name: string, args = {}) {
      this.write({ id, method: 'tools/call', params: { name, arguments: args } });
      return reply(id);
    },
  };
}

test('lines go to the daemon and its replies come back as lines, until the input ends', async () => {
  const harness = await startHarness({ servers: { echo: testServer('echo') } });
  const client = startClient(harness.url);
  assert.equal((await client.hello()).result.protocolVersion, '2025-06-18');
  const replies = await Promise.all(
    [1, 2, 3].map((id) => client.call(id, 'echo', { text: `日${id}` })),
  );
  assert.deepEqual(
    replies.map(({ result }) => result.content[0].text),
    ['日1', '日2', '日3'],
  );
  client.write({
    id: 'last',
    method: 'tools/call',
    params: { name: 'slow', arguments: { ms: 100 } },
  });
  client.input.end();
  await client.done;
  assert.equal((await client.reply('last')).result.content[0].text, 'slow');
  assert.equal(harness.gateway.sessionCount(), 0);
  await harness.close();
});

test('a client that skips initialize is told what to send over this door', async () => {
  const harness = await startHarness({ servers: { echo: testServer('echo') } });
  const client = startClient(harness.url);
  const { error } = await client.call(1, 'echo', { text: 'too soon' });
  assert.equal(error.code, -32600);
  assert.match(error.message, /no session: send initialize first, or name the revision 2026-07-28/);
  assert.doesNotMatch(error.message, /header/i);
  client.write({ id: 2, method: 'ping' });
  assert.deepEqual((await client.reply(2)).result, {});
  await client.hello();
  const { result } = await client.call(3, 'echo', { text: 'now' });
  assert.equal(result.content[0].text, 'now');
  client.input.end();
  await client.done;
  await harness.close();
});

test('progress and changes come as lines too', async () => {
  const harness = await startHarness({
    servers: { things: testServer('resources'), changing: testServer('changing') },
  });
  const client = startClient(harness.url);
  await client.hello();
  const params = { name: 'progress', arguments: { steps: 2 }, _meta: { progressToken: 5 } };
  client.write({ id: 'p', method: 'tools/call', params });
  await client.reply('p');
  const methods = () => client.heard.map(({ method }) => method);
  assert.equal(methods().filter((method) => method === 'notifications/progress').length, 2);
  await client.call('grow', 'grow');
  const change = 'notifications/tools/list_changed';
  await until('the change is told', () => methods().includes(change));
  client.input.end();
  await client.done;
  await harness.close();
});

test('a client of the stateless era is served as well, and may cancel', async () => {
  const harness = await startHarness({ servers: { echo: testServer('echo') } });
  const client = startClient(harness.url);
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  client.write({ id: 'd', method: 'server/discover', params: { _meta } });
  assert.deepEqual((await client.reply('d')).result.supportedVersions, ['2026-07-28']);
  client.write({ id: 'n', method: 'nothing', params: { _meta } });
  assert.equal((await client.reply('n')).error.code, -32601);
  const params = { name: 'slow', arguments: { ms: 60_000 }, _meta };
  client.write({ id: 's', method: 'tools/call', params });
  const inFlight = () => harness.gateway.conversations.inFlight('echo', 0);
  await until('it is in flight', () => inFlight() === 1);
  client.write({ method: 'notifications/cancelled', params: { requestId: 's', _meta } });
  await until('it is cancelled', () => inFlight() === 0);
  client.input.end();
  await client.done;
  assert.equal(
    client.heard.some(({ id }) => id === 's'),
    false,
  );
  await harness.close();
});

test('a daemon that forgot the session is greeted again, once, and the client sees nothing of it', async () => {
  const harness = await startHarness({
    servers: { echo: testServer('echo') },
    fleet: { sessions: { max: 1 } },
  });
  const client = startClient(harness.url);
  await client.hello();
  assert.ok((await client.call(1, 'echo')).result);
  await openSession(harness.url);
  const replies = await Promise.all(
    [2, 3, 4].map((id) => client.call(id, 'echo', { text: 'again' })),
  );
  assert.deepEqual(
    replies.map(({ result }) => result.content[0].text),
    ['again', 'again', 'again'],
  );
  assert.equal(client.heard.filter(({ id }) => id === 'hello').length, 1);
  assert.equal(harness.gateway.sessionCount(), 1);
  client.input.end();
  await client.done;
  await harness.close();
});

test('a daemon that is not there is named in an error to every request', async () => {
  const harness = await startHarness({ servers: {} });
  await harness.close();
  const client = startClient(harness.url);
  client.write({ id: 1, method: 'initialize', params: {} });
  const { error } = await client.reply(1);
  assert.equal(error.code, -32603);
  assert.match(error.message, /Cannot reach the Ringmaster daemon at http.*ringmaster up/);
  client.input.end();
  await client.done;
});

test('a line that is not JSON is answered with a parse error, and nothing else happens', async () => {
  const harness = await startHarness({ servers: { echo: testServer('echo') } });
  const client = startClient(harness.url);
  client.input.write('{oops\n\n');
  assert.equal((await client.reply(null)).error.code, -32700);
  await client.hello();
  client.input.end();
  await client.done;
  await harness.close();
});
