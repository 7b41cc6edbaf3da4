import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { createHandClock } from '../../alerting/testing/hand-clock.ts';
import { createRefusals } from './refusals.ts';
import { closeHarnesses, startHarness, testServer } from './testing/harness.ts';
import { askModern, openSession, until } from './testing/raw-client.ts';

afterEach(closeHarnesses);

test('what a server will not list is told, to its own clients in its own words, and asked for again', async () => {
  const servers = { it: testServer('unlisted'), other: testServer('echo') };
  const harness = await startHarness({ servers });
  const own = `http://127.0.0.1:${harness.port}/servers/it/mcp`;
  const client = await openSession(own);
  const said = { code: -32603, message: 'Unauthorized: the key is wrong', data: { at: 'home' } };
  assert.deepEqual((await client.ask('tools/list')).error, said);
  assert.deepEqual((await askModern(own, 'tools/list')).messages[0].error, said);
  assert.deepEqual((await client.ask('prompts/list')).result, { prompts: [] });
  const beside = (await askModern(harness.url, 'tools/list')).messages[0].result.tools;
  assert.ok(beside.length > 0);
  const why = 'it refuses tools/list: Unauthorized: the key is wrong';
  assert.equal(harness.gateway.upstream('it', 0)?.refuses, why);
  const told = harness.events.filter(({ kind }) => kind === 'list.refused');
  const { atMs: _, ...event } = told[0] ?? { atMs: 0 };
  assert.deepEqual(event, {
    ...{ kind: 'list.refused', subject: 'it', list: 'tools/list' },
    ...{ code: -32603, why: 'Unauthorized: the key is wrong' },
  });
  assert.equal(told.length, 1);

  await until('it is asked again', () => harness.gateway.upstream('it', 0)?.refuses === undefined);
  assert.equal((await client.ask('tools/list')).result.tools[0].name, 'late');
});

test('a server that does not answer the second question is asked a third time, and later each time', async () => {
  const { clock, pass } = createHandClock();
  let asked = 0;
  const refusals = createRefusals({
    ...{ server: 'it', clock, append: () => {} },
    relist() {
      asked += 1;
      return Promise.resolve();
    },
  });
  const error = { code: -32603, message: 'no key' };
  refusals.take({ lists: {}, hints: {}, refusals: { tools: error } });
  for (const [delayMs, count] of [
    [1_999, 0],
    [1, 1],
    [3_999, 1],
    [1, 2],
    [8_000, 3],
  ] as const) {
    pass(delayMs);
    assert.equal(asked, count);
    await Promise.resolve();
  }
  refusals.take({ lists: { tools: [] }, hints: {}, refusals: {} });
  pass(600_000);
  assert.equal(asked, 3);
});
