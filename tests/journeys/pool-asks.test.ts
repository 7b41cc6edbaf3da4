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
    async form(): Promise<string> {
      try {
        const { content } = await client.callTool({ name: 'form', arguments: {} });
        return (content as readonly { readonly text: string }[])[0]?.text ?? '';
      } catch (error) {
        return String(error);
      }
    },
    close: () => client.close(),
  };
}

test('a server that asks is alone with each client from its first unanswerable question on, also after a restart', async () => {
  await using home = createHome({ servers: { asks: entry('asks-v1') } });
  const first = await home.up();
  const people = await Promise.all(['Ada', 'Bo'].map((name) => personOf(first.origin, name)));
  const own = ['accept {"name":"Ada"}', 'accept {"name":"Bo"}'];
  const both = () => Promise.all(people.map((person) => person.form()));
  // Both at once, at one process: whose question it is cannot be told, so nobody is asked.
  await waitFor('a question that could be anybody’s', async () => {
    const [ada = '', bo = ''] = await both();
    assert.ok(!ada.includes('Bo') && !bo.includes('Ada'));
    return /nothing says whose question/.test(ada + bo);
  });
  const before = people.map((person) => person.asked());
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
