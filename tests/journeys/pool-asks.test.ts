import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

/** A client whose user is called so, and says so whenever he is asked. */
async function personOf(origin: string, name: string) {
  const client = new Client({ name, version: '1' }, { capabilities: { elicitation: {} } });
  let asked = 0;
  client.setRequestHandler(ElicitRequestSchema, () => {
    asked += 1;
    return { action: 'accept', content: { name } };
  });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${origin}/mcp`)));
  return {
    asked: () => asked,
    /** What came back from the user, or why nobody was asked. */
    async form(name = 'form'): Promise<string> {
      try {
        const { content } = await client.callTool({ name, arguments: {} });
        return (content as readonly { readonly text: string }[])[0]?.text ?? '';
      } catch (error) {
        return String(error);
      }
    },
    wait: (ms: number) => client.callTool({ name: 'wait', arguments: { ms } }),
    close: () => client.close(),
  };
}

test('whoever is asked alone teaches that the server asks: two who come together later are asked each', async () => {
  await using home = createHome({ servers: { asks: entry('asks-v1') } });
  const { origin } = await home.up();
  const people = await Promise.all(['Ada', 'Bo'].map((name) => personOf(origin, name)));
  assert.equal(await people[0]?.form(), 'accept {"name":"Ada"}');
  const both = await Promise.all(people.map((person) => person.form()));
  assert.deepEqual(both, ['accept {"name":"Ada"}', 'accept {"name":"Bo"}']);
  await Promise.all(people.map((person) => person.close()));
});

test('the first question ever comes while another client is served: what may be repeated is, and is asked', async () => {
  await using home = createHome({ servers: { asks: entry('asks-v1') } });
  const daemon = await home.up();
  const [ada, bo] = await Promise.all(['Ada', 'Bo'].map((name) => personOf(daemon.origin, name)));
  const waiting = ada?.wait(4_000);
  await waitFor('the call of the first', async () => {
    const { inFlight } = await daemon.api<{ inFlight: number }>('/servers/asks');
    return inFlight === 1;
  });
  assert.equal(await bo?.form('form_safely'), 'accept {"name":"Bo"}');
  await waiting;
  assert.deepEqual([ada?.asked(), bo?.asked()], [0, 1]);
  const path = '/events?kind=call.repeated';
  const { events } = await daemon.api<{ events: { name: string; why: string }[] }>(path);
  assert.deepEqual(
    events.map(({ name }) => name),
    ['form_safely'],
  );
  await Promise.all([ada?.close(), bo?.close()]);
});

test('clients that vanish while they are asked pin nothing: the server hears cancel, leases end, the journal tells', async () => {
  const asks = entry('asks-v1', [], { limits: { askPatienceMs: 4_000 } });
  await using home = createHome({ servers: { asks }, asks: { timeoutMs: 6_000 } });
  const daemon = await home.up();
  const ada = await personOf(daemon.origin, 'Ada');
  assert.equal(await ada.form(), 'accept {"name":"Ada"}');
  await ada.close();

  const client = new Client({ name: 'gone', version: '1' }, { capabilities: { elicitation: {} } });
  const asked = new Promise<void>((resolve) => {
    client.setRequestHandler(ElicitRequestSchema, () => {
      resolve();
      return new Promise(() => {});
    });
  });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${daemon.origin}/mcp`)));
  const calling = client.callTool({ name: 'form', arguments: {} });
  const broken = assert.rejects(calling);
  await asked;
  // Its connections break off; nobody takes leave of the session.
  await client.close();
  await broken;
  const _meta = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } };
  const stateless = { name: 'form', arguments: {}, _meta };
  const { result } = await daemon.modern().request('tools/call', stateless);
  assert.equal(result?.['resultType'], 'input_required');

  const journal = async (kind: string) => {
    const path = `/events?kind=${kind}&subject=asks`;
    const { events } = await daemon.api<{ events: { outcome: string; client: string }[] }>(path);
    return events;
  };
  await waitFor('both calls to be over', async () => {
    const path = '/servers/asks';
    const { inFlight, pool } = await daemon.api<{ inFlight: number; pool: { leased: number } }>(
      path,
    );
    return inFlight === 0 && pool.leased === 0;
  });
  const ends = (await journal('ask.finished')).map(({ outcome }) => outcome).sort();
  assert.deepEqual(ends, ['answered', 'expired', 'expired']);
  const gone = (await journal('call.finished')).filter(({ client: name }) => name === 'gone/1');
  assert.deepEqual(
    gone.map(({ outcome }) => outcome),
    ['ok'],
  );
  // The result that waits for the stateless client is thrown away a little later.
  await waitFor('its end', async () => (await journal('ask.abandoned')).length === 1);
});

test('questions that stateless clients leave open do not fill the pool: the oldest gives way', async () => {
  await using home = createHome({ servers: { asks: entry('asks-v1', [], { pool: { max: 2 } }) } });
  const daemon = await home.up();
  const client = daemon.modern();
  const _meta = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } };
  const form = (more: object = {}) =>
    client.request('tools/call', { name: 'form', arguments: {}, _meta, ...more });
  const states: unknown[] = [];
  for (const round of [1, 2, 3]) {
    const { result } = await form();
    assert.equal(result?.['resultType'], 'input_required', `round ${round}`);
    states.push(result?.['requestState']);
  }
  assert.equal(home.servers('asks-v1').length, 2);
  const answer = { action: 'accept', content: { name: 'Ada' } };
  const answers = await Promise.all(
    states.map((requestState) => form({ requestState, inputResponses: { 'ask-1': answer } })),
  );
  assert.equal(answers[0]?.error?.code, -32602);
  for (const { result } of answers.slice(1))
    assert.deepEqual(result?.['content'], [{ type: 'text', text: 'accept {"name":"Ada"}' }]);
  const { events } = await daemon.api<{ events: { why: string }[] }>('/events?kind=ask.abandoned');
  assert.deepEqual(
    events.map(({ why }) => why),
    ['another call needed the process, and the client had not come back'],
  );
});

test('a server that asks is alone with each client from its first unanswerable question on, also after a restart', async () => {
  await using home = createHome({ servers: { asks: entry('asks-v1') } });
  const first = await home.up();
  const people = [await personOf(first.origin, 'Ada'), await personOf(first.origin, 'Bo')] as const;
  const own = ['accept {"name":"Ada"}', 'accept {"name":"Bo"}'];
  const both = () => Promise.all(people.map((person) => person.form()));
  // Both at once, at one process: whose question it is cannot be told, so nobody is asked.
  const waiting = people[0].wait(4_000);
  await waitFor('the call of the first', async () => {
    const { inFlight } = await first.api<{ inFlight: number }>('/servers/asks');
    return inFlight === 1;
  });
  assert.match(await people[1].form(), /nothing says whose question/);
  await waiting;
  const before = people.map((person) => person.asked());
  assert.deepEqual(before, [0, 0]);
  for (const round of [1, 2, 3]) {
    assert.deepEqual(await both(), own);
    assert.deepEqual(
      people.map((person) => person.asked()),
      before.map((count) => count + round),
    );
  }
  assert.equal(home.servers('asks-v1').length, 2);
  await Promise.all(people.map((person) => person.close()));
  await waitFor('the end of the leases', async () => {
    const { pool } = await first.api<{ pool: { leased: number } }>('/servers/asks');
    return pool.leased === 0;
  });
  assert.equal(await first.stop(), 0);

  const second = await home.up();
  const again = await Promise.all(['Cy', 'Di'].map((name) => personOf(second.origin, name)));
  assert.deepEqual(await Promise.all(again.map((person) => person.form())), [
    'accept {"name":"Cy"}',
    'accept {"name":"Di"}',
  ]);
  await Promise.all(again.map((person) => person.close()));
});
