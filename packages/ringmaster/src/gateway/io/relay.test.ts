import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '../../errors.ts';
import { type Harness, startHarness, type TestServer, testServer } from './testing/harness.ts';
import { askModern, openSession, until } from './testing/raw-client.ts';

async function withServers(
  servers: Readonly<Record<string, TestServer>>,
  run: (harness: Harness) => Promise<void>,
  more: Partial<Parameters<typeof startHarness>[0]> = {},
): Promise<void> {
  const harness = await startHarness({ servers, ...more });
  try {
    await run(harness);
  } finally {
    await harness.close();
  }
}

function outcomes(harness: Harness): string[] {
  return harness.events.flatMap((event) => (event.kind === 'call.finished' ? [event.outcome] : []));
}

function inFlight(harness: Harness): number {
  return harness.gateway.conversations.inFlight('echo', 0);
}

test('eight clients that use the same ids at the same time each get their own replies', () =>
  withServers({ echo: testServer('echo'), dual: testServer('dual') }, async (harness) => {
    const clients = await Promise.all(Array.from({ length: 8 }, () => openSession(harness.url)));
    const jobs = clients.flatMap((client, who) =>
      Array.from({ length: 20 }, async (_, id) => {
        const text = `client ${who} request ${id}`;
        const name = id % 2 === 0 ? 'echo' : 'dual__slow';
        const params = { name, arguments: { text, ms: (id * 7) % 20 } };
        const reply = await client.ask('tools/call', params, { id });
        assert.equal(reply.id, id);
        assert.equal(reply.result.content[0].text, text);
      }),
    );
    await Promise.all(jobs);
    assert.deepEqual(outcomes(harness), Array(160).fill('ok'));
  }));

test('a server killed in mid-call costs exactly that call, at once and with the truth', () =>
  withServers({ echo: testServer('echo') }, async (harness) => {
    const client = await openSession(harness.url);
    const lost = client.ask('tools/call', { name: 'slow', arguments: { ms: 60_000 } });
    await until('it is in flight', () => harness.gateway.conversations.inFlight('echo', 0) === 1);
    const process = harness.processes.get('echo');
    process?.kill('SIGKILL');
    await process?.ended;
    assert.deepEqual(outcomes(harness), ['lost'], 'it is lost in the moment of the death');
    const { error } = await lost;
    assert.equal(error.code, -32603);
    assert.equal(
      error.message,
      'Server "echo" died during the call (SIGKILL); the call may have executed',
    );
    assert.deepEqual(error.data, { server: 'echo', mayHaveExecuted: true });
    assert.deepEqual(outcomes(harness), ['lost']);

    const next = client.call('echo', { text: 'again' });
    await until('the next call waits', () => harness.events.length > 0);
    await harness.start('echo');
    assert.equal(await next, 'again');
    const { tools } = (await client.ask('tools/list')).result;
    assert.ok(tools.length > 0);
  }));

test('tools of a server that is expected back stay listed; of one that is gone they do not', () =>
  withServers(
    { echo: testServer('echo'), other: testServer('collide', '--tools', 'own') },
    async (harness) => {
      const client = await openSession(harness.url);
      harness.processes.get('other')?.kill('SIGKILL');
      await harness.processes.get('other')?.ended;
      const names = async () =>
        (await client.ask('tools/list')).result.tools.map(({ name }: { name: string }) => name);
      assert.ok((await names()).includes('own'));
      const why = 'it died 5 times; next try in 30 s';
      const waiting = client.call('own');
      await until('the call waits', () => harness.gateway.conversations.inFlight('other', 0) === 0);
      harness.gateway.conversations.expect('other', 'gone', why);
      assert.equal(await waiting, `-32603 Server "other" is not running: ${why}`);
      assert.ok(!(await names()).includes('own'));
      assert.equal(await client.call('own'), `-32603 Server "other" is not running: ${why}`);
      assert.equal(await client.call('other__own'), `-32603 Server "other" is not running: ${why}`);
      assert.equal(await client.call('echo', { text: 'fine' }), 'fine');
    },
  ));

test('a call waits for a server that is away no longer than it may, and says what it waited for', () =>
  withServers({ echo: { ...testServer('echo'), limits: { waitMs: 100 } } }, async (harness) => {
    const client = await openSession(harness.url);
    const { conversations } = harness.gateway;
    harness.processes.get('echo')?.kill('SIGKILL');
    await harness.processes.get('echo')?.ended;
    conversations.expect('echo', 'back', 'it restarts in 20 s');
    const sinceMs = performance.now();
    const said = await client.call('echo');
    assert.ok(performance.now() - sinceMs >= 99);
    assert.match(said, /^-32603 Server "echo" is not running: it restarts in 20 s, waited \d+ ms$/);
  }));

test('a call over its deadline is late, and the server is told to stop', () =>
  withServers(
    { echo: { ...testServer('echo'), limits: { callTimeoutMs: 5_000 } } },
    async (harness) => {
      const client = await openSession(harness.url);
      const said = await client.call('slow', { ms: 60_000 });
      assert.equal(
        said,
        '-32603 Server "echo" did not answer within 5000 ms; the call may have executed',
      );
      assert.deepEqual(outcomes(harness), ['late']);
      assert.equal(harness.gateway.conversations.inFlight('echo', 0), 0);
      assert.equal(await client.call('echo', { text: 'alive' }), 'alive');
    },
  ));

test('more calls than a server may have in flight are refused, not queued', () =>
  withServers({ echo: { ...testServer('echo'), limits: { maxInFlight: 2 } } }, async (harness) => {
    const client = await openSession(harness.url);
    const taken = [1, 2].map(() => client.call('slow', { ms: 2_000, text: 'ok' }));
    await until('two are in flight', () => inFlight(harness) === 2);
    const refused = await client.call('echo');
    assert.equal(refused, '-32603 Server "echo" takes no more calls: 2 calls are in flight');
    assert.deepEqual(await Promise.all(taken), ['ok', 'ok']);
  }));

for (const trick of ['half', 'wrong_id', 'duplicate', 'text_id']) {
  test(`a server that answers wrongly (${trick}) harms nobody`, () =>
    withServers(
      { garbage: { ...testServer('garbage'), limits: { callTimeoutMs: 10_000 } } },
      async (harness) => {
        const client = await openSession(harness.url);
        const others = Array.from({ length: 5 }, (_, n) => client.call('echo', { text: `${n}` }));
        const said = await client.call(trick);
        assert.match(said, new RegExp(trick));
        assert.deepEqual(await Promise.all(others), ['0', '1', '2', '3', '4']);
        assert.equal(await client.call('echo', { text: 'after' }), 'after');
      },
    ));
}

for (const trick of ['empty', 'null', 'list']) {
  test(`a reply that says nothing (${trick}) ends its call at once, as an error`, () =>
    withServers({ garbage: testServer('garbage') }, async (harness) => {
      const client = await openSession(harness.url);
      const said = await client.call(trick);
      assert.equal(said, '-32603 The server answered with neither a result nor an error');
      assert.deepEqual(outcomes(harness), ['error']);
    }));
}

test('words of the stateless era in the result of an older server ask its clients nothing', () =>
  withServers({ garbage: testServer('garbage') }, async (harness) => {
    const params = { name: 'asks', arguments: {} };
    const { messages } = await askModern(harness.url, 'tools/call', params);
    const { resultType, requestState, content } = messages[0].result;
    assert.equal(resultType, 'complete');
    assert.equal(content[0].text, 'asked');
    assert.equal(requestState, 'mine');
  }));

test('lines on stdout that are no protocol are skipped', () =>
  withServers({ noisy: testServer('noisy') }, async (harness) => {
    const client = await openSession(harness.url);
    assert.equal(await client.call('echo', { text: 'heard' }), 'heard');
  }));

test('large results arrive whole', () =>
  withServers({ echo: testServer('echo') }, async (harness) => {
    const client = await openSession(harness.url);
    assert.equal((await client.call('big', { bytes: 3_000_000 })).length, 3_000_000);
  }));

test('draining lets calls in flight end and takes no new ones', () =>
  withServers({ echo: testServer('echo') }, async (harness) => {
    const client = await openSession(harness.url);
    const { conversations } = harness.gateway;
    const running = client.call('slow', { ms: 1_500, text: 'finished' });
    await until('it is in flight', () => conversations.inFlight('echo', 0) === 1);
    let isDrained = false;
    const drained = conversations.drain('echo', 0, 60_000).then(() => {
      isDrained = true;
    });
    const next = client.call('echo', { text: 'next life' });
    assert.equal(await running, 'finished');
    await drained;
    assert.ok(isDrained);
    await harness.start('echo');
    assert.equal(await next, 'next life');
  }));

test('draining ends at its limit, whatever is still in flight', () =>
  withServers({ echo: testServer('echo') }, async (harness) => {
    const client = await openSession(harness.url);
    const { conversations } = harness.gateway;
    const lost = client.call('slow', { ms: 60_000 });
    await until('it is in flight', () => conversations.inFlight('echo', 0) === 1);
    await conversations.drain('echo', 0, 100);
    assert.equal(inFlight(harness), 1);
    conversations.close({
      server: 'echo',
      index: 0,
      generation: 1,
      reason: 'stopped as asked',
      expected: 'gone',
      unread: [],
    });
    assert.match(await lost, /died during the call \(stopped as asked\)/);
  }));

test('the end of an older life does not touch the newer one', () =>
  withServers({ echo: testServer('echo') }, async (harness) => {
    const client = await openSession(harness.url);
    harness.gateway.conversations.close({
      server: 'echo',
      index: 0,
      generation: 0,
      reason: 'an old death',
      expected: 'gone',
      unread: [],
    });
    assert.equal(await client.call('echo', { text: 'here' }), 'here');
  }));

test('a probe passes while the server answers and fails when it does not', () =>
  withServers(
    { echo: testServer('echo'), mute: testServer('silent', '--ping') },
    async ({ gateway: { conversations } }) => {
      await conversations.probe('echo', 0, 30_000);
      await assert.rejects(
        conversations.probe('mute', 0, 100),
        /did not answer ping within 100 ms/,
      );
      await assert.rejects(conversations.probe('nobody', 0, 100), Problem);
    },
  ));

test('the operator calls by server and own name, and gets Problems', () =>
  withServers({ echo: testServer('echo'), twin: testServer('echo') }, async (harness) => {
    const { gateway } = harness;
    const call = (server: string, tool: string, args = {}) =>
      gateway.callTool({ server, tool, arguments: args });
    const { result, tookMs } = await call('twin', 'echo', { text: 'hi' });
    assert.deepEqual(result['content'], [{ type: 'text', text: 'hi' }]);
    assert.ok(tookMs >= 0);
    for (const [server, tool, code] of [
      ['nobody', 'echo', 'server_not_found'],
      ['echo', 'nothing', 'tool_not_found'],
    ] as const) {
      await assert.rejects(call(server, tool), (error) => (error as Problem).code === code);
    }
    const late = gateway.callTool({
      ...{ server: 'echo', tool: 'slow', arguments: { ms: 9_000 } },
      timeoutMs: 50,
    });
    await assert.rejects(late, (error) => (error as Problem).code === 'call_late');
    const lost = call('echo', 'slow', { ms: 9_000 });
    await until('in flight', () => gateway.conversations.inFlight('echo', 0) === 1);
    harness.processes.get('echo')?.kill('SIGKILL');
    await assert.rejects(lost, (error) => (error as Problem).code === 'call_lost');
    assert.deepEqual(outcomes(harness), ['ok', 'late', 'lost']);
  }));

test('a call that was answered counts as one health probe, not as two', () =>
  withServers({ mute: testServer('silent', '--ping') }, async (harness) => {
    const { conversations } = harness.gateway;
    const client = await openSession(harness.url);
    await assert.rejects(conversations.probe('mute', 0, 100), /did not answer ping/);
    await client.call('echo', { text: 'here' });
    await conversations.probe('mute', 0, 100);
    await assert.rejects(conversations.probe('mute', 0, 100), /did not answer ping/);
  }));
